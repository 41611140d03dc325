import ToolJSON

/// The compiler of one subschema's keywords.
struct KeywordCompiler {
    let place: SchemaResources.Place
    let location: String
    let assertsFormats: Bool

    private(set) var members: JSONObject = [:]
    var rules: [Rule] = []

    var draft: Draft { place.dialect.draft }
    var vocabulary: Vocabulary { place.dialect.vocabulary }

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
                .invalidSchema,
                at: location,
                "A schema must be \(forms); this is \(Words.json(place.schema, to: 80))."
            )
        }
        if vocabulary.contains(.validation) {
            try readAnyType(&compiler)
            try readNumbers()
            try readStrings(&compiler)
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
        if vocabulary.contains(.unevaluated) { try readUnevaluated(&compiler) }
        return rules
    }

    /// Returns true if draft-04 allows a Boolean value instead of a schema at a location.
    private static func mayBeBoolean(at location: String) -> Bool {
        location.hasSuffix("/additionalProperties") || location.hasSuffix("/additionalItems")
    }

    /// Returns the members that the draft does not ignore.
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
            // `nullable` is a keyword of OpenAPI 3.0 that many tool schemas still use. It has no effect without a type.
            if members["nullable"] == true { types.insert(.null) }
            rules.append(.type(types))
        }
        if let value = members["const"] { rules.append(.const(value)) }
        if let value = members["enum"] {
            guard let values = value.array else { throw wrong("enum", value, "an array of values") }
            // The values and their lowercase texts are hashed.
            for _ in 0..<3 { try compiler.spend { budget throws(CheckError) in try budget.spend(reading: value) } }
            rules.append(.enumeration(ValueSet(values)))
        }
    }

    // MARK: - Numbers and strings

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
            // In draft-04, the keyword is a flag of the other bound. Without "$schema", its type decides.
            if let mark = value.bool, draft == .draft4 || draft == .undeclared {
                isExclusive = mark
                if mark, members[keyword] == nil {
                    let message = "\"\(exclusiveKeyword)\": true requires \"\(keyword)\"."
                    throw SchemaError(.invalidSchema, at: location, message)
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

    private mutating func readStrings(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        if let length = try count("minLength"), length > 0 { rules.append(.minLength(length)) }
        if let length = try count("maxLength") { rules.append(.maxLength(length)) }
        if let value = members["pattern"] {
            guard let source = value.string else { throw wrong("pattern", value, "a regular expression") }
            rules.append(.pattern(source: source, try pattern(source, "pattern", &compiler)))
        }
    }

    private mutating func readFormat() throws(SchemaError) {
        guard let value = members["format"] else { return }
        guard let name = value.string else { throw wrong("format", value, "a string") }
        if let format = Format(named: name) { rules.append(.format(name: name, format)) }
    }

    // MARK: - Arrays

    private mutating func readArrayCounts() throws(SchemaError) {
        if let count = try count("minItems"), count > 0 { rules.append(.minItems(count)) }
        if let count = try count("maxItems") { rules.append(.maxItems(count)) }
        if let value = members["uniqueItems"] {
            guard let isRequired = value.bool else { throw wrong("uniqueItems", value, "true or false") }
            if isRequired { rules.append(.uniqueItems) }
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
}
