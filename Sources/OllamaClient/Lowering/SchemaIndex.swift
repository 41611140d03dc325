import ToolJSON

/// What the references of a document can name: its parts by pointer, and the `$id`s and anchors in it.
struct SchemaIndex {
    private let document: JSON
    /// The pointer of each resource, by its URI without a fragment.
    private var resources: [String: String] = [:]
    /// The URI of each resource, by its pointer.
    private var bases: [String: String] = ["": ""]
    /// The pointer of each anchor, by its resource's pointer, a `#` and its name.
    private var anchors: [String: String] = [:]

    private static let maximumDepth = 128
    private static let longestPath = 1024
    private static let mapKeywords: Set<String> = [
        "$defs", "definitions", "properties", "patternProperties", "dependentSchemas",
    ]
    private static let dataKeywords: Set<String> = ["enum", "const", "default", "examples", "example"]

    init(_ document: JSON) {
        self.document = document
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
            if let id = members["$id"]?.string?.split(separator: "#", omittingEmptySubsequences: false).first {
                let uri = URI.resolve(String(id), against: bases[resource] ?? "")
                resource = path
                bases[path] = uri
                if resources[uri] == nil { resources[uri] = path }
            }
            for keyword in ["$anchor", "$dynamicAnchor"] {
                guard let name = members[keyword]?.string else { continue }
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

    /// The schema that a reference names, from a schema at that pointer.
    func target(of reference: String, from path: String) -> PlacedSchema? {
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let home = resource(of: path)
        var root = home
        if let location = parts.first, !location.isEmpty {
            guard let named = resources[URI.resolve(String(location), against: bases[home] ?? "")] else { return nil }
            root = named
        }
        guard let fragment = URI.percentDecoded(parts.count > 1 ? parts[1] : "") else { return nil }
        let pointer =
            fragment.isEmpty || fragment.utf8.first == UInt8(ascii: "/")
            ? root + fragment : anchors[root + "#" + fragment]
        guard let pointer, let schema = document[pointer: pointer] else { return nil }
        return PlacedSchema(value: schema, path: pointer)
    }

    /// The pointer of the resource that a schema belongs to.
    private func resource(of path: String) -> String {
        var path = path[...]
        while bases[String(path)] == nil, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
            path = path[..<slash]
        }
        return String(path)
    }
}

/// As much of RFC 3986 as it takes to find a schema by its `$id`.
enum URI {
    /// What a reference means within a base.
    static func resolve(_ reference: String, against base: String) -> String {
        if base.isEmpty || scheme(of: reference) != nil { return reference }
        if reference.isEmpty { return base }
        let scheme = scheme(of: base) ?? ""
        if reference.hasPrefix("//") { return scheme + reference }
        var authority = ""
        var path = base.dropFirst(scheme.count)
        if path.hasPrefix("//") {
            let end = path.dropFirst(2).firstIndex(of: "/") ?? path.endIndex
            authority = String(path[..<end])
            path = path[end...]
        }
        let directory = path.lastIndex(of: "/").map { path[...$0] } ?? (authority.isEmpty ? "" : "/")
        return scheme + authority + withoutDots(reference.hasPrefix("/") ? reference : directory + reference)
    }

    /// The scheme with its colon.
    private static func scheme(of uri: String) -> Substring? {
        guard let colon = uri.firstIndex(of: ":"), uri.first?.isLetter == true,
            !uri[..<colon].contains(where: { "/?#".contains($0) })
        else { return nil }
        return uri[...colon]
    }

    private static func withoutDots(_ path: String) -> String {
        guard path.contains(".") else { return path }
        let isAbsolute = path.hasPrefix("/")
        let steps = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst(isAbsolute ? 1 : 0)
        var kept: [Substring] = []
        for step in steps {
            if step == ".." { _ = kept.popLast() } else if step != "." { kept.append(step) }
        }
        if steps.last == ".." || steps.last == "." { kept.append("") }
        return (isAbsolute ? "/" : "") + kept.joined(separator: "/")
    }

    /// The text of a fragment; `nil` where an escape is malformed or makes no text.
    static func percentDecoded(_ text: Substring) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
