import ToolJSON

/// A set of the seven types of JSON Schema.
struct TypeSet: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let null = TypeSet(rawValue: 1 << 0)
    static let boolean = TypeSet(rawValue: 1 << 1)
    /// Numbers without a fraction.
    ///
    /// A subset of ``number``.
    static let integer = TypeSet(rawValue: 1 << 2)
    /// Numbers with a fraction.
    private static let fraction = TypeSet(rawValue: 1 << 3)
    static let number: TypeSet = [.integer, .fraction]
    static let string = TypeSet(rawValue: 1 << 4)
    static let array = TypeSet(rawValue: 1 << 5)
    static let object = TypeSet(rawValue: 1 << 6)
    static let all = TypeSet(rawValue: 0x7F)

    private static let named: [(name: String, type: TypeSet)] = [
        ("null", .null), ("boolean", .boolean), ("integer", .integer), ("number", .number), ("string", .string),
        ("array", .array), ("object", .object),
    ]

    /// Returns the type with a name, or nil if there is none.
    static func named(_ name: String) -> TypeSet? {
        named.first { $0.name == name }?.type
    }

    /// Returns the type of a value.
    static func of(_ value: JSON) -> TypeSet {
        switch value {
        case .null: .null
        case .bool: .boolean
        case .number(let number): number.isInteger ? .integer : .fraction
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The names of the types.
    ///
    /// `number` includes `integer`.
    var names: [String] {
        Self.named.filter { isSuperset(of: $0.type) && ($0.name != "integer" || !isSuperset(of: .number)) }.map(\.name)
    }

    /// The names of the types with their articles: `an integer or null`.
    var words: String {
        Words.list(
            names.map { name in
                switch name {
                case "null": "null"
                case "boolean": "true or false"
                case "integer", "array", "object": "an " + name
                default: "a " + name
                }
            }
        )
    }
}
