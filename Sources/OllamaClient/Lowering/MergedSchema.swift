import ToolJSON

/// Schemas that hold at once, as one: what a schema, the schema it refers to and its `allOf` come to.
struct MergedSchema {
    /// Ollama's keywords that there is something for, as they were first met.
    private(set) var order: [String] = []
    private(set) var types: [String]?
    private(set) var values: [JSON]?
    private(set) var required: [String]?
    private(set) var properties: PropertyTable?
    var description: (text: String, path: String)?
    var title: (text: String, path: String)?
    var items: [Facet] = []
    var choices: [Choice] = []
    /// The keywords for which Ollama has no field.
    var facets: [Facet] = []
    var isNullable = false

    /// Whether any value came as a `const`.
    var hasConstant = false

    /// The pointers of the schemas in it.
    var paths: Set<String> = []
    /// Whether `false` is among them.
    var allowsNothing = false
    /// Whether it is of the same form as a schema around it.
    var isRecursive = false
    /// Whether some of it is missing, for its size.
    var isCut = false

    private var requiredNames: Set<JSON> = []

    /// Whether its first elements have schemas of their own.
    var isTuple: Bool { facets.contains { $0.keyword == "prefixItems" || $0.keyword == "items" } }

    /// Leaves `items` to be told where it is about the other elements alone, which Ollama's `items` is not.
    mutating func settleItems() {
        guard isTuple else { return }
        facets += items
        items = []
    }

    /// Notes that there is something for a keyword.
    mutating func mention(_ keyword: String) {
        if !order.contains(keyword) { order.append(keyword) }
    }

    /// Allows these types alone; returns false where that leaves none, and changes nothing.
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

    /// Takes the types that the other keywords speak of, or those that a schema around it allows for the same value.
    mutating func implyTypes(within outer: [String]?) {
        var keywords = facets.map { ($0.keyword, $0.value) }
        if let values { keywords.append(("enum", .array(values))) }
        if properties != nil || required != nil { keywords.append(("properties", [:])) }
        if !items.isEmpty { keywords.append(("items", [:])) }
        types = ImpliedTypes.of(keywords) ?? outer ?? ImpliedTypes.all
    }

    /// Allows these values alone; returns false where that leaves none, and changes nothing.
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
    /// Where each name stands; as JSON, which tells names apart by their bytes.
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
