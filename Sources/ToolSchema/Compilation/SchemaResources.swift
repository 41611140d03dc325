import ToolJSON

/// The documents a schema is made of, in resources: what an `$id` names, with its anchors.
///
/// Documents are taken in when something refers to them.
struct SchemaResources {
    /// One schema resource.
    struct Resource {
        let uri: URIReference
        let root: JSON
        let vocabulary: Vocabulary
        /// Where it stands in words: "" for the author's own document, a URI for others; see ``SchemaNode/location``.
        let place: String
        var anchors: [String: Place] = [:]
        var dynamicAnchors: Set<String> = []
    }

    /// A place in a resource.
    struct Place {
        let resource: Int
        /// From the root of the resource.
        let pointer: String
        let schema: JSON
    }

    /// The base of relative references where the author gives no `$id`.
    private static let defaultBase = "schema:///"

    /// A schema of one megabyte may have as many, one that was put together from shared parts far more.
    private static let maximumSubschemas = 200_000

    private(set) var resources: [Resource] = []
    private var scanned = 0
    private var indices: [ExactKey: Int] = [:]
    private let documents: SchemaDocuments
    private var budget = WorkBudget(steps: WorkBudget.compilationSteps)

    init(documents: SchemaDocuments) {
        self.documents = documents
    }

    /// Charges work to the budget of the compilation.
    mutating func spend(_ steps: Int) throws(SchemaError) {
        try spend { budget throws(CheckFault) in try budget.spend(steps) }
    }

    /// Charges work to the budget of the compilation.
    mutating func spend(_ work: (inout WorkBudget) throws(CheckFault) -> Void) throws(SchemaError) {
        do throws(CheckFault) {
            try work(&budget)
        } catch {
            throw SchemaError(
                location: "",
                message: "The schema takes too much work to compile. Make it smaller, and give its parts short names."
            )
        }
    }

    /// Takes in the author's own document.
    mutating func add(root: JSON) throws(SchemaError) -> Place {
        try add(root, uri: Self.defaultBase, place: "")
    }

    private mutating func add(_ document: JSON, uri: String, place: String) throws(SchemaError) -> Place {
        let index = try addResource(document, base: URIReference(uri), place: place, vocabulary: .standard)
        // Known by the URI it was asked by, whatever it calls itself.
        indices[ExactKey(uri)] = index
        return Place(resource: index, pointer: "", schema: document)
    }

    // MARK: - References

    /// Where a reference leads.
    mutating func resolve(_ reference: String, from resource: Int, at location: String) throws(SchemaError) -> Place {
        try spend(resolving: reference, against: resources[resource].uri)
        let target = URIReference(reference).resolved(against: resources[resource].uri)
        let uri = target.withoutFragment.text
        let index = try index(of: uri, reference, at: location)
        guard let fragment = target.decodedFragment else {
            throw SchemaError(location: location, message: "\(Self.shown(reference)) has broken percent escapes.")
        }
        if fragment.isEmpty { return Place(resource: index, pointer: "", schema: resources[index].root) }
        if fragment.utf8.first == UInt8(ascii: "/") {
            if let place = try follow(fragment, from: index) { return place }
        } else if let place = resources[index].anchors[fragment] {
            return place
        }
        throw SchemaError(location: location, message: "\(Self.shown(reference)) leads nowhere.")
    }

    private mutating func index(of uri: String, _ reference: String, at location: String) throws(SchemaError) -> Int {
        if let index = indices[ExactKey(uri)] { return index }
        guard let document = try document(at: uri) else {
            throw SchemaError(
                location: location,
                message: "\(Self.shown(reference)) leads to a document that is not registered, and nothing is fetched. "
                    + "Put the schema under \"$defs\" and refer to it there."
            )
        }
        return try add(document, uri: uri, place: uri).resource
    }

    private mutating func document(at uri: String) throws(SchemaError) -> JSON? {
        // A metaschema is parsed each time.
        try spend(4096)
        return documents.document(at: uri)
    }

    private mutating func spend(resolving reference: String, against base: URIReference) throws(SchemaError) {
        try spend(32 + reference.utf8.count + base.path.utf8.count)
    }

    private static func shown(_ reference: String) -> String {
        let text = JSON.string(String(reference.prefix(200))).text()
        return "The reference \(text)"
    }

    /// A subschema's place, in a resource of its own if it has an `$id`.
    mutating func place(of schema: JSON, in outer: Place, at pointer: String) throws(SchemaError) -> Place {
        if let id = schema["$id"]?.string {
            try spend(resolving: id, against: resources[outer.resource].uri)
            let uri = URIReference(id).resolved(against: resources[outer.resource].uri).withoutFragment.text
            if let index = indices[ExactKey(uri)] { return Place(resource: index, pointer: "", schema: schema) }
        }
        return Place(resource: outer.resource, pointer: outer.pointer + pointer, schema: schema)
    }

    /// Walks a pointer, into embedded resources where it crosses their border.
    private mutating func follow(_ pointer: String, from resource: Int) throws(SchemaError) -> Place? {
        var place = Place(resource: resource, pointer: "", schema: resources[resource].root)
        for token in JSONPointer.tokens(of: pointer) {
            guard let schema = place.schema[pointer: "/" + token] else { return nil }
            try spend(4 + place.pointer.utf8.count / 16)
            place = try self.place(of: schema, in: place, at: "/" + token)
        }
        return place
    }

    // MARK: - Vocabularies

    /// What the metaschema that a document names makes of its keywords.
    private mutating func vocabulary(of schema: JSON, at location: String) throws(SchemaError) -> Vocabulary? {
        guard let value = schema["$schema"] else { return nil }
        guard let uri = value.string.map({ URIReference($0) }) else {
            throw SchemaError(location: location, message: "\"$schema\" must be a URI.")
        }
        let metaschema = (uri.fragment ?? "").isEmpty ? uri.withoutFragment.text : uri.text
        // Earlier drafts are read as 2020-12: where a keyword has changed its form, the compiler says so.
        if Metaschema.isEarlierDraft(metaschema) { return .standard }
        guard let document = try document(at: metaschema) else {
            throw SchemaError(
                location: location,
                message: "\"$schema\" names \(Words.json(value, to: 200)), which is not registered. "
                    + "Use \"\(Metaschema.uri)\", or leave it out."
            )
        }
        guard let vocabularies = document["$vocabulary"]?.object else { return .standard }
        switch Vocabulary.read(vocabularies) {
        case .success(let vocabulary):
            return vocabulary
        case .failure(let unknown):
            throw SchemaError(
                location: location,
                message: "\"$schema\" requires the vocabulary \(unknown.uri.prefix(200)), which is not known here."
            )
        }
    }

    // MARK: - Taking in a document

    /// Adds the resource that a schema is the root of, and those inside.
    private mutating func addResource(
        _ schema: JSON,
        base: URIReference,
        place: String,
        vocabulary: Vocabulary
    ) throws(SchemaError) -> Int {
        var uri = base
        if let id = schema["$id"] {
            guard let text = id.string, URIReference(text).fragment?.isEmpty ?? true else {
                throw SchemaError(location: place, message: "\"$id\" must be a URI without a fragment.")
            }
            try spend(resolving: text, against: base)
            uri = URIReference(text).resolved(against: base).withoutFragment
        }
        guard indices[ExactKey(uri.text)] == nil else {
            throw SchemaError(location: place, message: "The \"$id\" \(uri.text.prefix(200)) is used twice.")
        }
        let vocabulary = try self.vocabulary(of: schema, at: place) ?? vocabulary
        let index = resources.count
        indices[ExactKey(uri.text)] = index
        resources.append(Resource(uri: uri, root: schema, vocabulary: vocabulary, place: place))
        try scan(schema, in: index, at: "")
        return index
    }

    /// Looks through a schema for what has a name.
    private mutating func scan(_ schema: JSON, in resource: Int, at pointer: String) throws(SchemaError) {
        scanned += 1
        guard scanned <= Self.maximumSubschemas else {
            throw SchemaError(location: "", message: "There are more than \(Self.maximumSubschemas) subschemas.")
        }
        guard let members = schema.object else { return }
        // A pointer is made for each keyword and each subschema.
        try spend(8 + members.count * (4 + pointer.utf8.count / 16))
        if !pointer.isEmpty, members["$id"]?.string != nil {
            let outer = resources[resource]
            _ = try addResource(
                schema,
                base: outer.uri,
                place: outer.place + pointer,
                vocabulary: outer.vocabulary
            )
            return
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            if let name = members[keyword] {
                try addAnchor(name, keyword, Place(resource: resource, pointer: pointer, schema: schema))
            }
        }
        for (keyword, value) in members {
            let pointer = JSONPointer.appending(keyword, to: pointer)
            switch SubschemaForm.of(keyword) {
            case .one:
                try scan(value, in: resource, at: pointer)
            case .list:
                for (index, element) in (value.array ?? []).enumerated() {
                    try spend(4 + pointer.utf8.count / 16)
                    try scan(element, in: resource, at: "\(pointer)/\(index)")
                }
            case .named:
                for (name, element) in value.object ?? [:] {
                    try spend(4 + (pointer.utf8.count + name.utf8.count) / 16)
                    try scan(element, in: resource, at: JSONPointer.appending(name, to: pointer))
                }
            case nil:
                break
            }
        }
    }

    private mutating func addAnchor(_ value: JSON, _ keyword: String, _ place: Place) throws(SchemaError) {
        let location = resources[place.resource].place + place.pointer
        guard let name = value.string, Self.isAnchor(name) else {
            throw SchemaError(
                location: location,
                message: "\"\(keyword)\" must be a letter or underscore, then letters, digits, - _ and dots."
            )
        }
        if let other = resources[place.resource].anchors[name], other.pointer != place.pointer {
            throw SchemaError(location: location, message: "The anchor \"\(name.prefix(80))\" is used twice.")
        }
        resources[place.resource].anchors[name] = place
        if keyword == "$dynamicAnchor" { resources[place.resource].dynamicAnchors.insert(name) }
    }

    private static func isAnchor(_ name: String) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || byte == UInt8(ascii: "_")
        }
        guard let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy {
            isLetter($0) || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "-.".utf8.contains($0)
        }
    }
}

/// How a keyword holds subschemas.
enum SubschemaForm {
    /// It is one.
    case one
    /// An array of them.
    case list
    /// An object of them.
    case named

    static func of(_ keyword: String) -> SubschemaForm? {
        switch keyword {
        case "additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then",
            "unevaluatedItems", "unevaluatedProperties", "contentSchema":
            .one
        case "allOf", "anyOf", "oneOf", "prefixItems": .list
        case "$defs", "definitions", "dependentSchemas", "patternProperties", "properties": .named
        default: nil
        }
    }
}
