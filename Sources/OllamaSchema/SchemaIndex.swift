import ToolJSON
import ToolSchema

/// An index of the possible targets of references in a document: parts by pointer, identifiers and anchors.
struct SchemaIndex {
    private let document: JSON
    /// The draft of each part with a `$schema`, by its pointer.
    private var drafts: [String: Draft] = ["": .undeclared]
    /// The pointer of each resource, by its URI without a fragment.
    private var resources: [String: String] = [:]
    /// The URI of each resource, by its pointer.
    private var bases: [String: String] = ["": ""]
    /// The pointer of each anchor.
    ///
    /// The key is the pointer of its resource, a `#` and its name.
    private var anchors: [String: String] = [:]

    private static let maximumDepth = 128
    private static let maximumPathLength = 1024
    /// The maximum number of resources, of anchors and of drafts.
    private static let maximumNames = 10_000

    init(_ document: JSON) {
        self.document = document
        index(document, at: "", in: "", .undeclared, depth: 0)
        // A reference that is only a fragment has an empty URI.
        resources[""] = resources[""] ?? ""
    }

    private mutating func index(_ value: JSON, at path: String, in resource: String, _ outer: Draft, depth: Int) {
        guard depth < Self.maximumDepth, path.utf8.count <= Self.maximumPathLength else { return }
        switch value {
        case .array(let elements):
            for (position, element) in elements.enumerated() where element.object != nil {
                let path = JSONPointer.appending("\(position)", to: path)
                index(element, at: path, in: resource, outer, depth: depth + 1)
            }
        case .object(let members):
            var (resource, draft) = (resource, outer)
            if let own = members["$schema"]?.string.flatMap(Draft.init(uri:)), drafts.count < Self.maximumNames {
                draft = own
                drafts[path] = own
            }
            let isHidden = draft.isBefore2019 && members["$ref"] != nil
            let id = isHidden ? nil : members[draft.idKeyword]?.string
            if let id, id.utf8.first == UInt8(ascii: "#") {
                // An anchor, before draft 2019-09.
                if anchors.count < Self.maximumNames { anchors[resource + id] = path }
            } else if let id {
                let base = URIReference(bases[resource] ?? "")
                let uri = URIReference(id).resolved(against: base).withoutFragment.text
                // Every URI below contains this one, so a long one would be repeated.
                if uri.utf8.count <= Self.maximumPathLength, bases.count < Self.maximumNames {
                    resource = path
                    bases[path] = uri
                    if resources[uri] == nil { resources[uri] = path }
                }
            }
            for keyword in ["$anchor", "$dynamicAnchor"] {
                guard let name = members[keyword]?.string, anchors.count < Self.maximumNames else { continue }
                anchors[resource + "#" + name] = path
            }
            for (keyword, value) in members where !SubschemaKeyword.data.contains(keyword) {
                let path = JSONPointer.appending(keyword, to: path)
                if SubschemaKeyword.form(of: keyword, value, in: draft) == .named, let schemas = value.object {
                    for (name, schema) in schemas where schema.object != nil {
                        let path = JSONPointer.appending(name, to: path)
                        index(schema, at: path, in: resource, draft, depth: depth + 1)
                    }
                } else if value.object != nil || value.array != nil {
                    index(value, at: path, in: resource, draft, depth: depth + 1)
                }
            }
        default: break
        }
    }

    /// Returns the draft of the schema at a pointer: that of the nearest `$schema` in the schema or around it.
    func draft(at path: String) -> Draft {
        drafts[Self.nearest(to: path, in: drafts)] ?? .undeclared
    }

    /// Returns the target of a reference in the schema at a pointer.
    func target(of reference: String, from path: String) -> PlacedSchema? {
        let reference = URIReference(reference)
        var root = Self.nearest(to: path, in: bases)
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

    /// Returns the pointer of a part that a table contains: the part at a path or the nearest part around it.
    private static func nearest<Entry>(to path: String, in table: [String: Entry]) -> String {
        if table.count == 1 { return "" }
        var path = path[...]
        while table[String(path)] == nil, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
            path = path[..<slash]
        }
        return String(path)
    }
}

extension Draft {
    /// Keywords without constraints, which are sent even if the draft ignores them.
    private static let annotations: Set<String> = ["default", "deprecated", "description", "examples", "title"]

    /// Returns true if a keyword of a schema has no meaning in its draft.
    func ignores(_ keyword: String, of members: JSONObject) -> Bool {
        if !defines(keyword) || keyword == idKeyword { return true }
        return isBefore2019 && members["$ref"] != nil && keyword != "$ref" && !Self.annotations.contains(keyword)
    }
}
