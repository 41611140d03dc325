import ToolJSON

/// The documents of a schema, divided into resources: the subschemas with an `$id` and their anchors.
///
/// A document is added at the first reference to it.
struct SchemaResources {
    /// One schema resource.
    struct Resource {
        let uri: URIReference
        let root: JSON
        let dialect: Dialect
        /// The prefix of its locations: "" in the author's document, and a URI in others.
        ///
        /// See ``SchemaNode/location``.
        let place: String
        var anchors: [String: Place] = [:]
        /// The names of the dynamic anchors.
        ///
        /// `$recursiveAnchor` is the name "".
        var dynamicAnchors: Set<String> = []
    }

    /// A place in a resource.
    struct Place {
        let resource: Int
        /// The JSON pointer from the root of the resource.
        let pointer: String
        let schema: JSON
        let dialect: Dialect
    }

    /// The base URI of relative references in a schema without `$id`.
    private static let defaultBase = "schema:///"

    /// The maximum number of subschemas, which is the number that fits into one megabyte of text.
    ///
    /// A value that is assembled in memory from shared parts can exceed it.
    static let maximumSubschemas = 200_000

    var resources: [Resource] = []
    var scanned = 0
    var indices: [ExactKey: Int] = [:]
    private let documents: SchemaDocuments
    private var budget = WorkBudget(steps: WorkBudget.compilationSteps)

    init(documents: SchemaDocuments) {
        self.documents = documents
    }

    /// Spends steps of the compilation's budget.
    mutating func spend(_ steps: Int) throws(SchemaError) {
        try spend { budget throws(CheckError) in try budget.spend(steps) }
    }

    /// Spends the compilation's budget with a closure.
    mutating func spend(_ work: (inout WorkBudget) throws(CheckError) -> Void) throws(SchemaError) {
        do throws(CheckError) {
            try work(&budget)
        } catch {
            throw SchemaError(
                .limitExceeded,
                at: "",
                "The schema takes too much work to compile. Make it smaller and use shorter names."
            )
        }
    }

    /// Adds the author's document.
    mutating func add(root: JSON) throws(SchemaError) -> Place {
        try add(root, uri: Self.defaultBase, place: "")
    }

    private mutating func add(_ document: JSON, uri: String, place: String) throws(SchemaError) -> Place {
        // Another document without "$schema" has the same draft as the author's document.
        let dialect = Dialect(draft: resources.first?.dialect.draft ?? .undeclared)
        let index = try addResource(document, base: URIReference(uri), place: place, within: dialect)
        // The URI of the reference finds the document even if the document has another identifier.
        indices[ExactKey(uri)] = index
        return root(of: index)
    }

    private func root(of resource: Int) -> Place {
        let root = resources[resource]
        return Place(resource: resource, pointer: "", schema: root.root, dialect: root.dialect)
    }

    // MARK: - References

    /// Returns the place to which a reference resolves.
    mutating func resolve(_ reference: String, from resource: Int, at location: String) throws(SchemaError) -> Place {
        try spend(resolving: reference, against: resources[resource].uri)
        let target = URIReference(reference).resolved(against: resources[resource].uri)
        let uri = target.withoutFragment.text
        let index = try index(of: uri, reference, at: location)
        guard let fragment = target.decodedFragment else {
            throw SchemaError(
                .unresolvedReference,
                at: location,
                "\(Self.shown(reference)) has invalid percent encoding."
            )
        }
        if fragment.isEmpty { return root(of: index) }
        if fragment.utf8.first == UInt8(ascii: "/") {
            if let place = try follow(fragment, from: index) { return place }
        } else if let place = resources[index].anchors[fragment] {
            return place
        }
        throw SchemaError(
            .unresolvedReference,
            at: location,
            "\(Self.shown(reference)) does not resolve: no schema exists there."
        )
    }

    private mutating func index(of uri: String, _ reference: String, at location: String) throws(SchemaError) -> Int {
        if let index = indices[ExactKey(uri)] { return index }
        guard let document = try document(at: uri) else {
            throw SchemaError(
                .unresolvedReference,
                at: location,
                "\(Self.shown(reference)) points to a document that is not registered, and nothing is fetched. "
                    + "Put the schema under \"$defs\" and refer to it there."
            )
        }
        return try add(document, uri: uri, place: uri).resource
    }

    private mutating func document(at uri: String) throws(SchemaError) -> JSON? {
        // A metaschema is parsed at each use.
        try spend(4096)
        return documents.document(at: uri)
    }

    mutating func spend(resolving reference: String, against base: URIReference) throws(SchemaError) {
        try spend(32 + reference.utf8.count + base.path.utf8.count)
    }

    private static func shown(_ reference: String) -> String {
        let text = JSON.string(String(reference.prefix(200))).text()
        return "The reference \(text)"
    }

    /// Returns the place of a subschema.
    ///
    /// A subschema with an identifier is a resource itself.
    mutating func place(of schema: JSON, in outer: Place, at pointer: String) throws(SchemaError) -> Place {
        var dialect = outer.dialect
        if schema["$schema"]?.string != nil {
            let place = resources[outer.resource].place
            dialect = try self.dialect(of: schema, at: place + outer.pointer + pointer) ?? dialect
        }
        if let members = schema.object, let id = Self.identifier(of: members, in: dialect.draft) {
            try spend(resolving: id, against: resources[outer.resource].uri)
            let uri = URIReference(id).resolved(against: resources[outer.resource].uri).withoutFragment.text
            if let index = indices[ExactKey(uri)] {
                return Place(resource: index, pointer: "", schema: schema, dialect: resources[index].dialect)
            }
        }
        return Place(resource: outer.resource, pointer: outer.pointer + pointer, schema: schema, dialect: dialect)
    }

    /// Returns the identifier that makes a subschema a resource, or nil if it has none.
    static func identifier(of members: JSONObject, in draft: Draft) -> String? {
        guard let id = members[draft.idKeyword]?.string else { return nil }
        // Before 2019-09, an identifier that is a fragment defines an anchor, and one beside "$ref" is ignored.
        if draft.isBefore2019, id.isEmpty || id.utf8.first == UInt8(ascii: "#") || members["$ref"] != nil { return nil }
        return id
    }

    /// Follows a pointer, including into embedded resources.
    private mutating func follow(_ pointer: String, from resource: Int) throws(SchemaError) -> Place? {
        var place = root(of: resource)
        for token in JSONPointer.tokens(of: pointer) {
            guard let schema = place.schema[pointer: "/" + token] else { return nil }
            try spend(4 + place.pointer.utf8.count / 16)
            place = try self.place(of: schema, in: place, at: "/" + token)
        }
        return place
    }

    // MARK: - Dialects

    /// Returns the dialect that `$schema` names: a draft, or a registered metaschema that is based on one.
    mutating func dialect(
        of schema: JSON,
        at location: @autoclosure () -> String
    ) throws(SchemaError) -> Dialect? {
        guard let value = schema["$schema"] else { return nil }
        guard let text = value.string else {
            throw SchemaError(.invalidSchema, at: location(), "\"$schema\" must be a URI.")
        }
        if let draft = Draft(uri: text) { return Dialect(draft: draft) }
        try spend(text.utf8.count)
        let uri = URIReference(text)
        let name = (uri.fragment ?? "").isEmpty ? uri.withoutFragment.text : text
        guard let metaschema = try document(at: name) else {
            throw SchemaError(
                .unsupportedDialect,
                at: location(),
                "\"$schema\" names \(Words.json(value, to: 200)), which is not supported. Supported are "
                    + "\(Draft.list).\(NearNames.question(text, among: Draft.uris)) Without \"$schema\", the draft is "
                    + "2020-12."
            )
        }
        let draft = metaschema["$schema"]?.string.flatMap { Draft(uri: $0) } ?? .draft2020
        guard !draft.isBefore2019, let vocabularies = metaschema["$vocabulary"]?.object else {
            return Dialect(draft: draft)
        }
        switch Vocabulary.read(vocabularies) {
        case .success(let vocabulary):
            return Dialect(draft: draft, vocabulary: vocabulary)
        case .failure(let unknown):
            throw SchemaError(
                .unsupportedDialect,
                at: location(),
                "\"$schema\" requires the vocabulary \(unknown.uri.prefix(200)), which is not supported."
            )
        }
    }
}
