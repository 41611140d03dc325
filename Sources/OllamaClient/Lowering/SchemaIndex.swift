import ToolJSON
import ToolSchema

/// What the references of a document can name: its parts by pointer, and the `$id`s and anchors in it.
struct SchemaIndex {
    private let document: JSON
    private let draft: Draft
    /// The pointer of each resource, by its URI without a fragment.
    private var resources: [String: String] = [:]
    /// The URI of each resource, by its pointer.
    private var bases: [String: String] = ["": ""]
    /// The pointer of each anchor, by its resource's pointer, a `#` and its name.
    private var anchors: [String: String] = [:]

    private static let maximumDepth = 128
    private static let longestPath = 1024
    /// The most resources, and the most anchors.
    private static let mostNames = 10_000
    private static let mapKeywords: Set<String> = [
        "$defs", "definitions", "properties", "patternProperties", "dependentSchemas",
    ]
    /// Keywords that constrain nothing, and are shown even where the draft ignores them.
    private static let annotations: Set<String> = ["default", "deprecated", "description", "examples", "title"]
    private static let dataKeywords: Set<String> = ["enum", "const", "default", "examples", "example"]

    init(_ document: JSON) {
        self.document = document
        draft = document["$schema"]?.string.flatMap { Draft(uri: $0) } ?? .undeclared
        index(document, at: "", in: "", depth: 0)
        // Where a resource is not looked for by name, the fragment alone leads there.
        resources[""] = resources[""] ?? ""
    }

    private mutating func index(_ value: JSON, at path: String, in resource: String, depth: Int) {
        guard depth < Self.maximumDepth, path.utf8.count <= Self.longestPath else { return }
        switch value {
        case .array(let elements):
            for (position, element) in elements.enumerated() where element.object != nil {
                index(element, at: JSONPointer.appending("\(position)", to: path), in: resource, depth: depth + 1)
            }
        case .object(let members):
            var resource = resource
            let id = members[draft.idKeyword]?.string
            if let id, id.utf8.first == UInt8(ascii: "#") {
                // An anchor, before draft 2019-09.
                if anchors.count < Self.mostNames { anchors[resource + id] = path }
            } else if let id {
                let base = URIReference(bases[resource] ?? "")
                let uri = URIReference(id).resolved(against: base).withoutFragment.text
                // Every URI below holds this one.
                if uri.utf8.count <= Self.longestPath, bases.count < Self.mostNames {
                    resource = path
                    bases[path] = uri
                    if resources[uri] == nil { resources[uri] = path }
                }
            }
            for keyword in ["$anchor", "$dynamicAnchor"] {
                guard let name = members[keyword]?.string, anchors.count < Self.mostNames else { continue }
                anchors[resource + "#" + name] = path
            }
            for (keyword, value) in members where !Self.dataKeywords.contains(keyword) {
                let path = JSONPointer.appending(keyword, to: path)
                if Self.mapKeywords.contains(keyword), let schemas = value.object {
                    for (name, schema) in schemas where schema.object != nil {
                        index(schema, at: JSONPointer.appending(name, to: path), in: resource, depth: depth + 1)
                    }
                } else if value.object != nil || value.array != nil {
                    index(value, at: path, in: resource, depth: depth + 1)
                }
            }
        default: break
        }
    }

    /// True if the draft of the document gives a keyword of a schema no meaning.
    func ignores(_ keyword: String, of members: JSONObject) -> Bool {
        if !draft.defines(keyword) || keyword == draft.idKeyword { return true }
        return draft.isBefore2019 && members["$ref"] != nil && keyword != "$ref" && !Self.annotations.contains(keyword)
    }

    /// The schema that a reference names, from a schema at that pointer.
    func target(of reference: String, from path: String) -> PlacedSchema? {
        let reference = URIReference(reference)
        var root = resource(of: path)
        let location = reference.withoutFragment
        if location != URIReference("") {
            let base = URIReference(bases[root] ?? "")
            guard let named = resources[location.resolved(against: base).text] else { return nil }
            root = named
        }
        guard let fragment = reference.decodedFragment else { return nil }
        let pointer =
            fragment.isEmpty || fragment.utf8.first == UInt8(ascii: "/")
            ? root + fragment : anchors[root + "#" + fragment]
        guard let pointer, let schema = document[pointer: pointer] else { return nil }
        return PlacedSchema(value: schema, path: pointer)
    }

    /// The pointer of the resource that a schema belongs to.
    private func resource(of path: String) -> String {
        if bases.count == 1 { return "" }
        var path = path[...]
        while bases[String(path)] == nil, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
            path = path[..<slash]
        }
        return String(path)
    }
}
