import ToolJSON

// MARK: - Adding a document

extension SchemaResources {
    /// Adds a schema as a resource, and the resources inside it.
    mutating func addResource(
        _ schema: JSON,
        base: URIReference,
        place: String,
        within outer: Dialect
    ) throws(SchemaError) -> Int {
        // Each resource stores its place, which can be long.
        try spend(place.utf8.count / 4)
        let dialect = try dialect(of: schema, at: place) ?? outer
        let draft = dialect.draft
        var uri = base
        if let id = schema[draft.idKeyword], !draft.isBefore2019 || schema["$ref"] == nil {
            guard let text = id.string, draft.isBefore2019 || URIReference(text).fragment?.isEmpty ?? true else {
                let form = draft.isBefore2019 ? "a URI" : "a URI without a fragment"
                throw SchemaError(.invalidSchema, at: place, "\"\(draft.idKeyword)\" must be \(form).")
            }
            try spend(resolving: text, against: base)
            uri = URIReference(text).resolved(against: base).withoutFragment
        }
        guard indices[ExactKey(uri.text)] == nil else {
            throw SchemaError(
                .duplicateIdentifier,
                at: place,
                "The \"\(draft.idKeyword)\" \(uri.text.prefix(200)) is used twice."
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
            throw SchemaError(.limitExceeded, at: "", "There are more than \(Self.maximumSubschemas) subschemas.")
        }
        guard let members = schema.object else { return }
        // A pointer is built for each keyword and each subschema.
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
            // A reference hides all other keywords in these drafts, except definitions.
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
            // A fragment that is a pointer does not define an anchor.
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
                throw SchemaError(.invalidSchema, at: location(of: place), "\"\(keyword)\" must be \(form).")
            }
            try addAnchor(name, place)
            if keyword == "$dynamicAnchor" { resources[place.resource].dynamicAnchors.insert(name) }
        }
        if draft == .draft2019, let value = members["$recursiveAnchor"], value != false {
            guard value == true, place.pointer.isEmpty else {
                throw SchemaError(
                    .invalidSchema,
                    at: location(of: place),
                    "\"$recursiveAnchor\" must be true or false; true only beside an \"$id\" or at the root."
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
                .duplicateIdentifier,
                at: location(of: place),
                "The anchor \"\(name.prefix(80))\" is used twice."
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
