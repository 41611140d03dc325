import ToolJSON

/// Schemas that all apply to one value, merged into one: a schema, the schema it refers to and its `allOf`.
struct MergedSchema {
    /// The keywords with a value that Ollama supports, in the order of their first occurrence.
    private(set) var order: [String] = []
    private(set) var types: [String]?
    private(set) var values: [JSON]?
    private(set) var required: [String]?
    private(set) var properties: PropertyTable?
    var description: (text: String, path: String)?
    var title: (text: String, path: String)?
    var items: [UnsupportedKeyword] = []
    var choices: [Choice] = []
    /// The pointer of the first `type`.
    var typePath: String?
    /// The keywords for which Ollama has no field.
    var unsupported: [UnsupportedKeyword] = []
    var isNullable = false

    /// True if any value came from a `const`.
    var hasConstant = false

    /// The pointers of the merged schemas.
    var paths: Set<String> = []
    /// True if one of the merged schemas is `false`.
    var allowsNothing = false
    /// True if a reference leads to an enclosing schema.
    var isRecursive = false
    /// True if a part is missing because of the size of the schema.
    var isTruncated = false

    private var requiredNames: Set<JSON> = []

    /// True if the first elements of an array have separate schemas.
    var isTuple: Bool { unsupported.contains { $0.name == "prefixItems" || $0.name == "items" } }

    /// Moves the `items` of a tuple to the unsupported keywords.
    ///
    /// In a tuple it applies only to the remaining elements, unlike Ollama's `items`.
    mutating func separateTupleItems() {
        guard isTuple else { return }
        unsupported += items
        items = []
    }

    /// Records that a keyword has a value.
    mutating func recordKeyword(_ keyword: String) {
        if !order.contains(keyword) { order.append(keyword) }
    }

    /// Restricts the types, or returns false without a change if no type would remain.
    mutating func narrow(types new: [String]) -> Bool {
        recordKeyword("type")
        guard let old = types else {
            types = new
            return true
        }
        let new = Set(new)
        let common = old.compactMap { type in
            if new.contains(type) || type == "integer" && new.contains("number") { return type }
            return type == "number" && new.contains("integer") ? "integer" : nil
        }
        if !common.isEmpty { types = common }
        return !common.isEmpty
    }

    /// Sets the types that the other keywords imply, or else those that an enclosing schema allows for the same value.
    mutating func inferTypes(within outer: [String]?) {
        var keywords = unsupported.map { ($0.name, $0.value) }
        if let values { keywords.append(("enum", .array(values))) }
        if properties != nil || required != nil { keywords.append(("properties", [:])) }
        if !items.isEmpty { keywords.append(("items", [:])) }
        types = ImpliedTypes.of(keywords) ?? outer ?? ImpliedTypes.all
    }

    /// Restricts the values, or returns false without a change if no value would remain.
    mutating func narrow(values new: [JSON]) -> Bool {
        recordKeyword("enum")
        guard let old = values else {
            values = new
            return true
        }
        let allowed = Set(new)
        let common = old.filter(allowed.contains)
        if !common.isEmpty { values = common }
        return !common.isEmpty
    }

    mutating func require(_ names: [String]) {
        recordKeyword("required")
        required = (required ?? []) + names.filter { requiredNames.insert(.string($0)).inserted }
    }

    mutating func declareProperties() {
        recordKeyword("properties")
        if properties == nil { properties = PropertyTable() }
    }

    mutating func add(_ schema: PlacedSchema, named name: String) {
        properties?.add(schema, named: name)
    }
}

extension MergedSchema {
    /// True if the schema has no alternatives and all of it is sent.
    var isComplete: Bool { choices.isEmpty && !isRecursive && !isTruncated && !allowsNothing }
}
