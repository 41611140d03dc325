/// The supported drafts of JSON Schema, oldest first.
package enum Draft: Int, Comparable, Sendable {
    case draft4, draft6, draft7, draft2019, draft2020
    /// The rules for a schema without `$schema`: draft 2020-12 plus the forms of earlier drafts that are otherwise
    /// meaningless in it.
    case undeclared

    private static let names = ["draft-04", "draft-06", "draft-07", "2019-09", "2020-12"]

    /// The values of `$schema` for the drafts, oldest first.
    static let uris = names.map {
        ($0.hasPrefix("draft") ? "http://json-schema.org/\($0)" : "https://json-schema.org/draft/\($0)") + "/schema"
    }

    /// The names of the drafts, for messages.
    static let list = Words.list(names, last: "and")

    /// The name of the draft, for messages.
    var name: String { Self.names[min(rawValue, Self.draft2020.rawValue)] }

    /// Creates the draft that a `$schema` names, or returns nil for any other URI.
    ///
    /// `http` equals `https`, and an empty fragment is ignored.
    package init?(uri: String) {
        // The length is checked first: every subschema can have a long URI.
        guard uri.utf8.count <= 64, uri.hasPrefix("http://") || uri.hasPrefix("https://") else { return nil }
        let name = uri.drop { $0 != ":" }.dropLast(uri.hasSuffix("#") ? 1 : 0)
        if name == "://json-schema.org/schema" {
            self = .undeclared
        } else if let index = Self.uris.firstIndex(where: { $0.drop { $0 != ":" } == name }) {
            self.init(rawValue: index)
        } else {
            return nil
        }
    }

    package static func < (left: Draft, right: Draft) -> Bool { left.rawValue < right.rawValue }

    /// The keyword that identifies a schema.
    package var idKeyword: String { self == .draft4 ? "id" : "$id" }

    /// True before draft 2019-09: an identifier can define an anchor, and all keywords beside a `$ref` are ignored.
    package var isBefore2019: Bool { self < .draft2019 }

    /// Returns true if the draft defines a keyword.
    ///
    /// A draft ignores other keywords.
    package func defines(_ keyword: String) -> Bool {
        switch keyword {
        case "const", "contains", "propertyNames": self >= .draft6
        case "if", "then", "else": self >= .draft7
        case "$anchor", "contentSchema", "dependentRequired", "dependentSchemas", "maxContains", "minContains",
            "unevaluatedItems", "unevaluatedProperties":
            self >= .draft2019
        case "$recursiveAnchor", "$recursiveRef": self == .draft2019
        case "$dynamicAnchor", "$dynamicRef", "prefixItems": self >= .draft2020
        case "additionalItems": self != .draft2020
        default: true
        }
    }
}
