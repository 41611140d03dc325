import ToolJSON

/// The documents of a schema, divided into resources: the parts that an `$id` names, with their anchors.
///
/// A document is added when a reference first leads to it.
struct SchemaResources {
    /// One schema resource.
    struct Resource {
        let uri: URIReference
        let root: JSON
        let dialect: Dialect
        /// The beginning of its location: "" in the author's own document, a URI in others; see
        /// ``SchemaNode/location``.
        let place: String
        var anchors: [String: Place] = [:]
        /// The names of its dynamic anchors, and "" if it has `$recursiveAnchor`.
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

    /// The base of relative references if the author gives no `$id`.
    private static let defaultBase = "schema:///"

    /// The maximum number of subschemas: as many as a schema of one megabyte may have.
    ///
    /// A schema that was put together from shared parts may have far more.
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
        try spend { budget throws(CheckError) in try budget.spend(steps) }
    }

    /// Charges work to the budget of the compilation.
    mutating func spend(_ work: (inout WorkBudget) throws(CheckError) -> Void) throws(SchemaError) {
        do throws(CheckError) {
            try work(&budget)
        } catch {
            throw SchemaError(
                location: "",
                message: "The schema takes too much work to compile. Make it smaller, and give its parts short names."
            )
        }
    }

    /// Adds the author's own document.
    mutating func add(root: JSON) throws(SchemaError) -> Place {
        try add(root, uri: Self.defaultBase, place: "")
    }

    private mutating func add(_ document: JSON, uri: String, place: String) throws(SchemaError) -> Place {
        // Another document without "$schema" is of the same draft as the author's own.
        let dialect = Dialect(draft: resources.first?.dialect.draft ?? .undeclared)
        let index = try addResource(document, base: URIReference(uri), place: place, within: dialect)
        // The document is found under the URI of the reference, even if its own identifier is another.
        indices[ExactKey(uri)] = index
        return root(of: index)
    }

    private func root(of resource: Int) -> Place {
        let root = resources[resource]
        return Place(resource: resource, pointer: "", schema: root.root, dialect: root.dialect)
    }

    // MARK: - References

    /// Returns the place that a reference leads to.
    mutating func resolve(_ reference: String, from resource: Int, at location: String) throws(SchemaError) -> Place {
        try spend(resolving: reference, against: resources[resource].uri)
        let target = URIReference(reference).resolved(against: resources[resource].uri)
        let uri = target.withoutFragment.text
        let index = try index(of: uri, reference, at: location)
        guard let fragment = target.decodedFragment else {
            throw SchemaError(location: location, message: "\(Self.shown(reference)) has broken percent escapes.")
        }
        if fragment.isEmpty { return root(of: index) }
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

    /// Returns the place of a subschema, which is a resource itself if it has an identifier.
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

    /// The identifier that makes a subschema a resource, if it has one.
    private static func identifier(of members: JSONObject, in draft: Draft) -> String? {
        guard let id = members[draft.idKeyword]?.string else { return nil }
        // Before 2019-09, an identifier that is a fragment names an anchor, and one beside "$ref" is ignored.
        if draft.isBefore2019, id.isEmpty || id.utf8.first == UInt8(ascii: "#") || members["$ref"] != nil { return nil }
        return id
    }

    /// Follows a pointer, into the resources that are embedded on its way.
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

    /// The rules that a schema names with `$schema`: a draft, or a registered metaschema that is based on one.
    private mutating func dialect(
        of schema: JSON,
        at location: @autoclosure () -> String
    ) throws(SchemaError) -> Dialect? {
        guard let value = schema["$schema"] else { return nil }
        guard let text = value.string else {
            throw SchemaError(location: location(), message: "\"$schema\" must be a URI.")
        }
        if let draft = Draft(uri: text) { return Dialect(draft: draft) }
        try spend(text.utf8.count)
        let uri = URIReference(text)
        let name = (uri.fragment ?? "").isEmpty ? uri.withoutFragment.text : text
        guard let metaschema = try document(at: name) else {
            throw SchemaError(
                location: location(),
                message: "\"$schema\" names \(Words.json(value, to: 200)), which is not supported. Supported are "
                    + "\(Draft.list).\(NearNames.question(text, among: Draft.uris)) Without \"$schema\", a schema is of "
                    + "draft 2020-12."
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
                location: location(),
                message: "\"$schema\" requires the vocabulary \(unknown.uri.prefix(200)), which is not supported."
            )
        }
    }

    // MARK: - Adding a document

    /// Adds the resource whose root is a schema, and the resources inside.
    private mutating func addResource(
        _ schema: JSON,
        base: URIReference,
        place: String,
        within outer: Dialect
    ) throws(SchemaError) -> Int {
        // Every resource has a place, which may lie within a long one.
        try spend(place.utf8.count / 4)
        let dialect = try dialect(of: schema, at: place) ?? outer
        let draft = dialect.draft
        var uri = base
        if let id = schema[draft.idKeyword], !draft.isBefore2019 || schema["$ref"] == nil {
            guard let text = id.string, draft.isBefore2019 || URIReference(text).fragment?.isEmpty ?? true else {
                let form = draft.isBefore2019 ? "a URI" : "a URI without a fragment"
                throw SchemaError(location: place, message: "\"\(draft.idKeyword)\" must be \(form).")
            }
            try spend(resolving: text, against: base)
            uri = URIReference(text).resolved(against: base).withoutFragment
        }
        guard indices[ExactKey(uri.text)] == nil else {
            throw SchemaError(
                location: place,
                message: "The \"\(draft.idKeyword)\" \(uri.text.prefix(200)) is used twice."
            )
        }
        let index = resources.count
        indices[ExactKey(uri.text)] = index
        resources.append(Resource(uri: uri, root: schema, dialect: dialect, place: place))
        try scan(schema, in: index, at: "", dialect)
        return index
    }

    /// Finds the identifiers and anchors in a schema and its subschemas.
    private mutating func scan(
        _ schema: JSON,
        in resource: Int,
        at pointer: String,
        _ outer: Dialect
    ) throws(SchemaError) {
        scanned += 1
        guard scanned <= Self.maximumSubschemas else {
            throw SchemaError(location: "", message: "There are more than \(Self.maximumSubschemas) subschemas.")
        }
        guard let members = schema.object else { return }
        // A pointer is made for each keyword and each subschema.
        try spend(8 + members.count * (4 + pointer.utf8.count / 16))
        var dialect = outer
        if !pointer.isEmpty {
            let resource = resources[resource]
            dialect = try self.dialect(of: schema, at: resource.place + pointer) ?? outer
            if Self.identifier(of: members, in: dialect.draft) != nil {
                _ = try addResource(schema, base: resource.uri, place: resource.place + pointer, within: outer)
                return
            }
        }
        let place = Place(resource: resource, pointer: pointer, schema: schema, dialect: dialect)
        try addAnchors(members, place)
        let hidesOthers = dialect.draft.isBefore2019 && members["$ref"] != nil
        for (keyword, value) in members {
            // Other schemas are still found beside a reference that hides all other keywords.
            if hidesOthers, SubschemaKeyword.all[keyword]?.role != .definition { continue }
            guard let form = SubschemaKeyword.form(of: keyword, value, in: dialect.draft) else { continue }
            let pointer = JSONPointer.appending(keyword, to: pointer)
            switch form {
            case .one:
                try scan(value, in: resource, at: pointer, dialect)
            case .list:
                for (index, element) in (value.array ?? []).enumerated() {
                    try spend(4 + pointer.utf8.count / 16)
                    try scan(element, in: resource, at: "\(pointer)/\(index)", dialect)
                }
            case .named:
                for (name, element) in value.object ?? [:] {
                    try spend(4 + (pointer.utf8.count + name.utf8.count) / 16)
                    try scan(element, in: resource, at: JSONPointer.appending(name, to: pointer), dialect)
                }
            }
        }
    }

    /// Adds the anchors of one subschema.
    private mutating func addAnchors(_ members: JSONObject, _ place: Place) throws(SchemaError) {
        let draft = place.dialect.draft
        if draft.isBefore2019 {
            guard members["$ref"] == nil, let id = members[draft.idKeyword]?.string else { return }
            try spend(id.utf8.count / 4)
            // A fragment that is a pointer is not the name of an anchor.
            guard let name = URIReference(id).decodedFragment, !name.isEmpty, name.utf8.first != UInt8(ascii: "/")
            else { return }
            return try addAnchor(name, place)
        }
        for keyword in ["$anchor", "$dynamicAnchor"] where draft.defines(keyword) {
            guard let value = members[keyword] else { continue }
            guard let name = value.string, Self.isAnchor(name, in: draft) else {
                let form =
                    draft == .draft2019
                    ? "a letter, then letters, digits, - _ : and dots"
                    : "a letter or underscore, then letters, digits, - _ and dots"
                throw SchemaError(location: location(of: place), message: "\"\(keyword)\" must be \(form).")
            }
            try addAnchor(name, place)
            if keyword == "$dynamicAnchor" { resources[place.resource].dynamicAnchors.insert(name) }
        }
        if draft == .draft2019, let value = members["$recursiveAnchor"], value != false {
            guard value == true, place.pointer.isEmpty else {
                throw SchemaError(
                    location: location(of: place),
                    message: "\"$recursiveAnchor\" must be true or false; true only beside an \"$id\" or at the root."
                )
            }
            resources[place.resource].anchors[""] = place
            resources[place.resource].dynamicAnchors.insert("")
        }
    }

    private func location(of place: Place) -> String { resources[place.resource].place + place.pointer }

    private mutating func addAnchor(_ name: String, _ place: Place) throws(SchemaError) {
        if let other = resources[place.resource].anchors[name], other.pointer != place.pointer {
            throw SchemaError(
                location: location(of: place),
                message: "The anchor \"\(name.prefix(80))\" is used twice."
            )
        }
        resources[place.resource].anchors[name] = place
    }

    private static func isAnchor(_ name: String, in draft: Draft) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }
        let underscore = UInt8(ascii: "_")
        guard let first = name.utf8.first, isLetter(first) || first == underscore && draft > .draft2019 else {
            return false
        }
        return name.utf8.allSatisfy {
            isLetter($0) || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "-._".utf8.contains($0)
                || $0 == UInt8(ascii: ":") && draft == .draft2019
        }
    }
}
