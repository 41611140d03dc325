import ToolJSON

/// Schemas that hold at once, merged into one: a schema, the schema it refers to and its `allOf`.
struct MergedSchema {
    /// The keywords of Ollama that have a value, in the order of their first occurrence.
    private(set) var order: [String] = []
    private(set) var types: [String]?
    private(set) var values: [JSON]?
    private(set) var required: [String]?
    private(set) var properties: PropertyTable?
    var description: (text: String, path: String)?
    var title: (text: String, path: String)?
    var items: [UnsupportedKeyword] = []
    var choices: [Choice] = []
    /// The keywords for which Ollama has no field.
    var facets: [UnsupportedKeyword] = []
    var isNullable = false

    /// True if any value came from a `const`.
    var hasConstant = false

    /// The pointers of the schemas in it.
    var paths: Set<String> = []
    /// True if one of the schemas is `false`.
    var allowsNothing = false
    /// True if it has the form of a schema around it.
    var isRecursive = false
    /// True if a part of it is missing because of its size.
    var isCut = false

    private var requiredNames: Set<JSON> = []

    /// True if its first elements have separate schemas.
    var isTuple: Bool { facets.contains { $0.keyword == "prefixItems" || $0.keyword == "items" } }

    /// Moves `items` to the facets of a tuple: there it applies to the other elements only, unlike Ollama's `items`.
    mutating func settleItems() {
        guard isTuple else { return }
        facets += items
        items = []
    }

    /// Records that a keyword has a value.
    mutating func mention(_ keyword: String) {
        if !order.contains(keyword) { order.append(keyword) }
    }

    /// Allows only these types; if none would remain, returns false and changes nothing.
    mutating func narrow(types new: [String]) -> Bool {
        mention("type")
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

    /// Sets the types that the other keywords imply, or those that a schema around it allows for the same value.
    mutating func implyTypes(within outer: [String]?) {
        var keywords = facets.map { ($0.keyword, $0.value) }
        if let values { keywords.append(("enum", .array(values))) }
        if properties != nil || required != nil { keywords.append(("properties", [:])) }
        if !items.isEmpty { keywords.append(("items", [:])) }
        types = ImpliedTypes.of(keywords) ?? outer ?? ImpliedTypes.all
    }

    /// Allows only these values; if none would remain, returns false and changes nothing.
    mutating func narrow(values new: [JSON]) -> Bool {
        mention("enum")
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
        mention("required")
        required = (required ?? []) + names.filter { requiredNames.insert(.string($0)).inserted }
    }

    mutating func declareProperties() {
        mention("properties")
        if properties == nil { properties = PropertyTable() }
    }

    mutating func add(_ schema: PlacedSchema, named name: String) {
        properties?.add(schema, named: name)
    }
}

/// The properties of merged schemas: for each name the schemas that hold at once.
struct PropertyTable {
    private(set) var entries: [(name: String, schemas: [PlacedSchema])] = []
    /// The position of each name, as JSON, which compares names by their bytes.
    private var positions: [JSON: Int] = [:]

    mutating func add(_ schema: PlacedSchema, named name: String) {
        if let position = positions[.string(name)] {
            entries[position].schemas.append(schema)
        } else {
            positions[.string(name)] = entries.count
            entries.append((name, [schema]))
        }
    }
}
