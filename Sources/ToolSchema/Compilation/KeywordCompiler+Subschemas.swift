import ToolJSON

// MARK: - Keywords that hold subschemas or refer to them

extension KeywordCompiler {
    mutating func readArrays(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        let isTuple = members["items"]?.array != nil
        if isTuple, draft == .draft2020 || members["prefixItems"] != nil {
            throw SchemaError(
                .invalidSchema,
                at: location,
                "\"items\" is an array, as in earlier drafts. Write \"prefixItems\" instead, and \"items\" for "
                    + "\"additionalItems\"; or name the earlier draft with \"$schema\"."
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

    mutating func readObjects(_ compiler: inout SchemaCompiler) throws(SchemaError) {
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

    /// Reads `dependencies`.
    ///
    /// No draft ignores it, because the metaschemas of later drafts still describe it.
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

    mutating func readReferences(_ compiler: inout SchemaCompiler) throws(SchemaError) {
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
                    .invalidSchema,
                    at: location,
                    "\"$recursiveRef\" is only defined in draft 2019-09. Name that draft with \"$schema\", or write "
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

    mutating func readCombinations(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        if let nodes = try subschemas("allOf", &compiler) { rules.append(.allOf(nodes)) }
        if let nodes = try subschemas("anyOf", &compiler) { rules.append(.anyOf(nodes)) }
        if let nodes = try subschemas("oneOf", &compiler) { rules.append(.oneOf(nodes)) }
        if let node = try subschema("not", &compiler) { rules.append(.not(node)) }
        let condition = try subschema("if", &compiler)
        let then = try subschema("then", &compiler)
        let otherwise = try subschema("else", &compiler)
        // Without `if`, the others have no effect. An `if` alone still counts as evaluating members and elements.
        if let condition {
            rules.append(.conditional(condition: condition, then: then, otherwise: otherwise))
        }
    }

    mutating func readUnevaluated(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        if let node = try subschema("unevaluatedItems", &compiler) { rules.append(.unevaluatedItems(node)) }
        if let node = try subschema("unevaluatedProperties", &compiler) { rules.append(.unevaluatedProperties(node)) }
    }
}

// MARK: - Subschemas

extension KeywordCompiler {
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
