/// What a header declares, as far as it matters for calling its functions.
struct Declarations: Sendable {
    struct Parameter: Sendable {
        /// `nil` where the header gives none.
        var name: String?
        var type: CType
        /// As the header spells it.
        var spelling: String
        var comment: String?
    }

    struct Function: Sendable {
        var name: String
        var parameters: [Parameter]
        var result: CType
        /// The declaration, for people.
        var spelling: String
        var isVariadic: Bool
        /// Whether it returns once per call: not never, and not twice.
        var returnsOnce: Bool
        /// Whether the header promises that it does nothing but compute its result of its arguments.
        var isPure: Bool
        var comment: String?
    }

    struct Structure: Sendable {
        var fields: [(name: String, type: CType)]
        /// Whether its fields lie as their types have it, and no two in one place.
        var isPlain: Bool
    }

    /// In the header's order.
    var functions: [Function] = []
    var aliases: [String: CType] = [:]
    /// Those whose fields are known.
    var structures: [String: Structure] = [:]
    var enumerations: [String: [(name: String, value: Int64)]] = [:]

    // Enough for every header, and an end to names that go round in circles.
    private static let maximumAliases = 64

    /// The type that a name stands for in the end, without `const`.
    func resolved(_ type: CType) -> CType {
        var type = type.plain
        for _ in 0..<Self.maximumAliases {
            guard case .alias(let name) = type, let other = aliases[name] else { return type }
            type = other.plain
        }
        return .other("a type that is named after itself")
    }

    /// Whether a type is constant by itself or by one of its names.
    func isConstant(_ type: CType) -> Bool {
        var type = type
        for _ in 0..<Self.maximumAliases {
            if case .constant = type { return true }
            guard case .alias(let name) = type, let other = aliases[name] else { return false }
            type = other
        }
        return false
    }
}
