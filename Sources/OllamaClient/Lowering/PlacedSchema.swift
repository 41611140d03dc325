import ToolJSON

/// A schema, and where in the authored parameters it stands.
struct PlacedSchema {
    let value: JSON
    /// A JSON pointer, which also identifies the schema.
    let path: String

    /// A schema below this one.
    func child(_ value: JSON, _ tokens: String...) -> PlacedSchema {
        PlacedSchema(value: value, path: tokens.reduce(path) { JSONPointer.appending($1, to: $0) })
    }
}

/// A keyword for which Ollama has no field.
struct UnsupportedKeyword {
    let keyword: String
    let value: JSON
    /// The pointer of the schema that has it.
    let schemaPath: String

    var path: String { JSONPointer.appending(keyword, to: schemaPath) }

    /// The schema that the keyword holds.
    var schema: PlacedSchema { PlacedSchema(value: value, path: path) }
}

/// The alternatives of one `anyOf` or `oneOf`.
struct Choice {
    let keyword: String
    let branches: [PlacedSchema]
    let path: String
}

/// The place of a lowering in the tree: the schemas that it is inside of.
struct Place {
    /// The pointers of the schemas that are being lowered, by level.
    ///
    /// They are never joined: a level can have thousands, and each of its thousands of parts has a place of its own.
    private var levels: [Set<String>] = []

    var depth: Int { levels.count }

    /// True if the schema at a pointer is being lowered: one that refers to it would have no end.
    func isInside(_ path: String) -> Bool {
        levels.contains { $0.contains(path) }
    }

    func inside(_ paths: Set<String>) -> Place {
        var place = self
        place.levels.append(paths)
        return place
    }
}

extension JSON {
    /// The beginning of the value as JSON, longer than any phrase that is sent if that is not all of it.
    var shortText: String { text(upTo: 200).text }

    /// The approximate size of a value: one for each part and for each 64 bytes of strings.
    var weight: Int {
        switch self {
        case .null, .bool: 1
        case .number(let number): 1 + number.literal.utf8.count / 64
        case .string(let text): 1 + text.utf8.count / 64
        case .array(let elements): elements.reduce(1) { $0 + $1.weight }
        case .object(let members): members.reduce(1) { $0 + $1.key.utf8.count / 64 + $1.value.weight }
        }
    }

    /// True if Ollama can read every number in it; it refuses a request that contains `1e999`.
    var hasFiniteNumbers: Bool {
        switch self {
        case .null, .bool, .string: true
        case .number(let number): number.double.isFinite
        case .array(let elements): elements.allSatisfy(\.hasFiniteNumbers)
        case .object(let members): members.allSatisfy(\.value.hasFiniteNumbers)
        }
    }
}
