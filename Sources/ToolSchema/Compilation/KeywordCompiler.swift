import ToolJSON

/// Reads the keywords of one subschema.
struct KeywordCompiler {
    let place: SchemaResources.Place
    let location: String
    let assertsFormats: Bool

    private var members: JSONObject = [:]
    private var rules: [Rule] = []

    private var draft: Draft { place.dialect.draft }
    private var vocabulary: Vocabulary { place.dialect.vocabulary }

    init(place: SchemaResources.Place, location: String, assertsFormats: Bool) {
        self.place = place
        self.location = location
        self.assertsFormats = assertsFormats
    }

    mutating func rules(_ compiler: inout SchemaCompiler) throws(SchemaError) -> [Rule] {
        switch place.schema {
        case .bool(let isAnything) where draft > .draft4 || Self.mayBeBoolean(at: location):
            return isAnything ? [] : [.never]
        case .object(let members):
            self.members = try defined(members, &compiler)
        default:
            let forms = draft > .draft4 ? "an object, true or false" : "an object in draft-04"
            throw SchemaError(
                location: location,
                message: "A schema must be \(forms); this is \(Words.json(place.schema, to: 80))."
            )
        }
        if vocabulary.contains(.validation) {
            try readAnyType(&compiler)
            try readNumbers()
            try readTexts(&compiler)
        }
        if vocabulary.contains(.formatAssertion) || assertsFormats { try readFormat() }
        if vocabulary.contains(.validation) {
            try readArrayCounts()
            try readObjectCounts(&compiler)
        }
        try readReferences(&compiler)
        if vocabulary.contains(.applicator) {
            try readArrays(&compiler)
            try readObjects(&compiler)
            try readCombinations(&compiler)
        }
        if vocabulary.contains(.unevaluated) {
            if let node = try subschema("unevaluatedItems", &compiler) { rules.append(.unevaluatedItems(node)) }
            if let node = try subschema("unevaluatedProperties", &compiler) {
                rules.append(.unevaluatedProperties(node))
            }
        }
        return rules
    }

    /// True where draft-04 allows true and false for a schema.
    private static func mayBeBoolean(at location: String) -> Bool {
        location.hasSuffix("/additionalProperties") || location.hasSuffix("/additionalItems")
    }

    /// The members that the draft does not ignore.
    private func defined(
        _ members: JSONObject,
        _ compiler: inout SchemaCompiler
    ) throws(SchemaError) -> JSONObject {
        if draft.isBefore2019, let reference = members["$ref"] { return ["$ref": reference] }
        guard draft < .draft2020 else { return members }
        try compiler.spend(4 * members.count)
        return JSONObject(members.filter { draft.defines($0.key) }.map { ($0.key, $0.value) })
    }

    // MARK: - Any type

    private mutating func readAnyType(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        if let value = members["type"] {
            var types: TypeSet = []
            guard let names = value.array ?? [value] as [JSON]?, !names.isEmpty else {
                throw wrong("type", value, "a type or an array of types")
            }
            for name in names {
                guard let type = name.string.flatMap(TypeSet.named) else {
                    throw wrong(
                        "type",
                        value,
                        "null, boolean, integer, number, string, array or object, or an array of these"
                    )
                }
                types.formUnion(type)
            }
            // OpenAPI 3.0's word for it, which many schemas for tools still use; it means nothing without a type.
            if members["nullable"] == true { types.insert(.null) }
            rules.append(.type(types))
        }
        if let value = members["const"] { rules.append(.const(value)) }
        if let value = members["enum"] {
            guard let values = value.array else { throw wrong("enum", value, "an array of values") }
            // They are hashed, and their lower case is.
            for _ in 0..<3 { try compiler.spend { budget throws(CheckFault) in try budget.spend(reading: value) } }
            rules.append(.enumeration(ValueSet(values)))
        }
    }

    // MARK: - Numbers and texts

    private mutating func readNumbers() throws(SchemaError) {
        try readBound("minimum", Rule.minimum, "exclusiveMinimum", Rule.exclusiveMinimum)
        try readBound("maximum", Rule.maximum, "exclusiveMaximum", Rule.exclusiveMaximum)
        if let value = members["multipleOf"] {
            guard let number = value.number, number > JSONNumber(0), number.isMultiple(of: number) != nil else {
                throw wrong("multipleOf", value, "a number greater than 0, of at most 18 digits")
            }
            rules.append(.multipleOf(number))
        }
    }

    private mutating func readBound(
        _ keyword: String,
        _ rule: (JSONNumber) -> Rule,
        _ exclusiveKeyword: String,
        _ exclusiveRule: (JSONNumber) -> Rule
    ) throws(SchemaError) {
        var isExclusive = false
        if let value = members[exclusiveKeyword] {
            // In draft-04 it is a mark on the other bound. Without "$schema" its type shows what is meant.
            if let mark = value.bool, draft == .draft4 || draft == .undeclared {
                isExclusive = mark
                if mark, members[keyword] == nil {
                    throw wrong(exclusiveKeyword, value, "beside a \"\(keyword)\" where it is true or false")
                }
            } else if draft > .draft4, let number = value.number {
                rules.append(exclusiveRule(number))
            } else {
                throw wrong(exclusiveKeyword, value, draft > .draft4 ? "a number" : "true or false in draft-04")
            }
        }
        guard let value = members[keyword] else { return }
        guard let number = value.number else { throw wrong(keyword, value, "a number") }
        rules.append(isExclusive ? exclusiveRule(number) : rule(number))
    }

    private mutating func readTexts(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        if let length = try count("minLength"), length > 0 { rules.append(.minLength(length)) }
        if let length = try count("maxLength") { rules.append(.maxLength(length)) }
        if let value = members["pattern"] {
            guard let source = value.string else { throw wrong("pattern", value, "a regular expression") }
            rules.append(.pattern(source: source, try pattern(source, "pattern", &compiler)))
        }
    }

    private mutating func readFormat() throws(SchemaError) {
        guard let value = members["format"] else { return }
        guard let name = value.string else { throw wrong("format", value, "a text") }
        if let format = Format(named: name) { rules.append(.format(name: name, format)) }
    }

    // MARK: - Arrays

    private mutating func readArrayCounts() throws(SchemaError) {
        if let count = try count("minItems"), count > 0 { rules.append(.minItems(count)) }
        if let count = try count("maxItems") { rules.append(.maxItems(count)) }
        if let value = members["uniqueItems"] {
            guard let isAsked = value.bool else { throw wrong("uniqueItems", value, "true or false") }
            if isAsked { rules.append(.uniqueItems) }
        }
    }

    private mutating func readArrays(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        let isTuple = members["items"]?.array != nil
        if isTuple, draft == .draft2020 || members["prefixItems"] != nil {
            throw SchemaError(
                location: location,
                message:
                    "\"items\" is an array, as in earlier drafts. Write \"prefixItems\" instead, and \"items\" for "
                    + "what was \"additionalItems\"; or name the earlier draft with \"$schema\"."
            )
        }
        let prefix = try subschemas(isTuple ? "items" : "prefixItems", &compiler)
        let rest = try subschema(isTuple ? "additionalItems" : "items", &compiler)
        if prefix != nil || rest != nil { rules.append(.items(prefix: prefix ?? [], rest: rest)) }
        if let node = try subschema("contains", &compiler) {
            let hasCounts = vocabulary.contains(.validation)
            let least = hasCounts ? try count("minContains") ?? 1 : 1
            let most = hasCounts ? try count("maxContains") : nil
            rules.append(.contains(node, atLeast: least, atMost: most, marks: draft >= .draft2020))
        }
    }

    // MARK: - Objects

    private mutating func readObjectCounts(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        if let value = members["required"] {
            let names = try names(value, "required", &compiler)
            if !names.isEmpty { rules.append(.required(names)) }
        }
        if let count = try count("minProperties"), count > 0 { rules.append(.minProperties(count)) }
        if let count = try count("maxProperties") { rules.append(.maxProperties(count)) }
        if let value = members["dependentRequired"] {
            guard let object = value.object else { throw wrong("dependentRequired", value, "an object of arrays") }
            var dependents: [(String, [String])] = []
            for (name, value) in object {
                dependents.append((name, try names(value, "dependentRequired", &compiler)))
            }
            rules.append(.dependentRequired(NameTable(dependents), keyword: "dependentRequired"))
        }
    }

    private mutating func readObjects(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        let named = try namedSubschemas("properties", &compiler)
        var patterns: [(Pattern, Int)] = []
        for (source, node) in try namedSubschemas("patternProperties", &compiler) ?? [] {
            patterns.append((try pattern(source, "patternProperties", &compiler), node))
        }
        let additional = try subschema("additionalProperties", &compiler)
        if named != nil || !patterns.isEmpty || additional != nil {
            rules.append(
                .properties(PropertyRules(named: NameTable(named ?? []), patterns: patterns, additional: additional))
            )
        }
        if let node = try subschema("propertyNames", &compiler) { rules.append(.propertyNames(node)) }
        if let dependents = try namedSubschemas("dependentSchemas", &compiler) {
            rules.append(.dependentSchemas(NameTable(dependents)))
        }
        try readDependencies(&compiler)
    }

    /// Reads `dependencies`, which later drafts no longer define but still describe, so that it is never ignored.
    private mutating func readDependencies(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        let keyword = "dependencies"
        guard let value = members[keyword] else { return }
        guard let dependencies = value.object else {
            throw wrong(keyword, value, "an object of schemas and arrays of names")
        }
        var required: [(name: String, entry: [String])] = []
        var schemas: [(name: String, entry: Int)] = []
        for (name, value) in dependencies {
            if value.array != nil {
                required.append((name, try names(value, keyword, &compiler)))
            } else {
                let pointer = "/\(keyword)/" + JSONPointer.escaped(name)
                schemas.append((name, try compiler.number(of: value, in: place, at: pointer)))
            }
        }
        if !required.isEmpty { rules.append(.dependentRequired(NameTable(required), keyword: keyword)) }
        if !schemas.isEmpty { rules.append(.dependentSchemas(NameTable(schemas))) }
    }

    // MARK: - References and combinations

    private mutating func readReferences(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        if let value = members["$ref"] {
            guard let reference = value.string else { throw wrong("$ref", value, "a URI reference") }
            rules.append(.reference(try compiler.number(of: reference, from: place, location)))
        }
        if let value = members["$dynamicRef"] {
            guard let reference = value.string else { throw wrong("$dynamicRef", value, "a URI reference") }
            let anchor = URIReference(reference).decodedFragment.flatMap { $0.isEmpty ? nil : $0 }
            try readDynamic(reference, anchor, &compiler)
        }
        if let value = members["$recursiveRef"] {
            guard draft == .draft2019 else {
                throw SchemaError(
                    location: location,
                    message: "\"$recursiveRef\" is of draft 2019-09. Name that draft with \"$schema\", or write "
                        + "\"$dynamicRef\"."
                )
            }
            guard value == "#" else { throw wrong("$recursiveRef", value, "\"#\"") }
            try readDynamic("#", "", &compiler)
        }
    }

    private mutating func readDynamic(
        _ reference: String,
        _ anchor: String?,
        _ compiler: inout SchemaCompiler
    ) throws(SchemaError) {
        let target = try compiler.dynamicTarget(of: reference, anchor: anchor, from: place, location)
        rules.append(target.anchor.map { .dynamicReference(target.number, anchor: $0) } ?? .reference(target.number))
    }

    private mutating func readCombinations(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        if let nodes = try subschemas("allOf", &compiler) { rules.append(.allOf(nodes)) }
        if let nodes = try subschemas("anyOf", &compiler) { rules.append(.anyOf(nodes)) }
        if let nodes = try subschemas("oneOf", &compiler) { rules.append(.oneOf(nodes)) }
        if let node = try subschema("not", &compiler) { rules.append(.not(node)) }
        let condition = try subschema("if", &compiler)
        let then = try subschema("then", &compiler)
        let otherwise = try subschema("else", &compiler)
        // Alone, neither of them means anything; an `if` alone still tells what it has looked at.
        if let condition {
            rules.append(.conditional(condition: condition, then: then, otherwise: otherwise))
        }
    }

    // MARK: - Reading values

    private func wrong(_ keyword: String, _ value: JSON, _ expected: String) -> SchemaError {
        SchemaError(
            location: location,
            message: "\"\(keyword)\" must be \(expected); it is \(Words.json(value, to: 80))."
        )
    }

    /// A count: an integer that is not negative, one too large to count to being as good as the largest.
    private func count(_ keyword: String) throws(SchemaError) -> Int? {
        guard let value = members[keyword] else { return nil }
        guard let number = value.number, number.isInteger, number >= JSONNumber(0) else {
            throw wrong(keyword, value, "an integer that is not negative")
        }
        return number.int64.map(Int.init) ?? Int.max
    }

    /// The names of an array, each once.
    private func names(
        _ value: JSON,
        _ keyword: String,
        _ compiler: inout SchemaCompiler
    ) throws(SchemaError) -> [String] {
        guard let names = value.array?.map(\.string), names.allSatisfy({ $0 != nil }) else {
            let expected = keyword == "required" ? "an array of names" : "an object of arrays of names"
            throw wrong(keyword, value, keyword == "dependencies" ? expected + " and schemas" : expected)
        }
        try compiler.spend(4 * names.count)
        var known: Set<ExactKey> = []
        return names.compactMap(\.self).filter { known.insert(ExactKey($0)).inserted }
    }

    private func pattern(
        _ source: String,
        _ keyword: String,
        _ compiler: inout SchemaCompiler
    ) throws(SchemaError) -> Pattern {
        try compiler.spend(32 + 4 * source.utf8.count)
        let pattern: Pattern
        do {
            pattern = try Pattern(source)
        } catch {
            throw SchemaError(
                location: location,
                message:
                    "The regular expression \(JSON.string(String(source.prefix(80))).text()) of \"\(keyword)\" cannot "
                    + "be used: \(error.message)."
            )
        }
        // Repetitions are written out, so that a few bytes can become many.
        try compiler.spend(pattern.size / 8)
        return pattern
    }

    private func subschema(_ keyword: String, _ compiler: inout SchemaCompiler) throws(SchemaError) -> Int? {
        guard let schema = members[keyword] else { return nil }
        return try compiler.number(of: schema, in: place, at: "/" + JSONPointer.escaped(keyword))
    }

    private func subschemas(_ keyword: String, _ compiler: inout SchemaCompiler) throws(SchemaError) -> [Int]? {
        guard let value = members[keyword] else { return nil }
        guard let schemas = value.array, !schemas.isEmpty else {
            throw wrong(keyword, value, "an array of at least one schema")
        }
        var numbers: [Int] = []
        for (index, schema) in schemas.enumerated() {
            numbers.append(try compiler.number(of: schema, in: place, at: "/\(keyword)/\(index)"))
        }
        return numbers
    }

    private func namedSubschemas(
        _ keyword: String,
        _ compiler: inout SchemaCompiler
    ) throws(SchemaError) -> [(name: String, entry: Int)]? {
        guard let value = members[keyword] else { return nil }
        guard let schemas = value.object else { throw wrong(keyword, value, "an object of schemas") }
        var named: [(name: String, entry: Int)] = []
        for (name, schema) in schemas {
            let pointer = "/\(keyword)/" + JSONPointer.escaped(name)
            named.append((name, try compiler.number(of: schema, in: place, at: pointer)))
        }
        return named
    }
}
