/// What a header declares, as far as it matters for calling its functions.
struct Declarations: Sendable {
    struct Parameter: Sendable {
        /// `nil` where the header gives none.
        var name: String?
        var type: CType
        /// As the header spells it.
        var spelling: String
        var comment: String?
        /// The number of elements of an array that the header declares, as its expression; the type is a pointer to one.
        var length: String?
    }

    struct Function: Sendable {
        var name: String
        /// What the library calls it: the header may say so apart from the name.
        var symbol: String
        var parameters: [Parameter]
        var result: CType
        /// The declaration, for people.
        var spelling: String
        /// Why it cannot be called by its declaration, as the end of a sentence.
        var obstacle: String?
        /// Whether the header promises that it does nothing but compute its result of its arguments.
        var isPure: Bool
        /// True for a function whose code the header has: the library may have no symbol for it.
        var isInline: Bool
        var comment: String?
    }

    /// A declaration that is no function of the library.
    enum Other: Sendable {
        case staticFunction, variable, type, constant
    }

    struct Structure: Sendable {
        var fields: [(name: String, type: CType)]
        /// Whether each of its fields has bytes and a name of its own.
        var isPlain: Bool
    }

    struct Enumerator: Sendable {
        var name: String
        /// `nil` where it is beyond 64 bits with a sign, or not told.
        var value: Int64?
    }

    /// How the compiler lays a type out, in bytes.
    struct Layout: Sendable, Hashable {
        var size: Int
        var alignment: Int
        /// Of the fields, in their order.
        var offsets: [Int] = []
    }

    /// In the header's order.
    var functions: [Function] = []
    var aliases: [String: CType] = [:]
    /// Those whose fields are known, by their C names: `struct point`, or `point` where only a `typedef` names it.
    var structures: [String: Structure] = [:]
    var enumerations: [String: [Enumerator]] = [:]
    /// The declarations that are no functions of the library, by name.
    var others: [String: Other] = [:]
    /// The values of expressions that the compiler was asked about.
    var lengths: [String: Int] = [:]
    /// Of structures and enumerations, by their C names; those that the compiler was asked about.
    var layouts: [String: Layout] = [:]

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

    /// The structures and enumerations that some functions have to do with, by their C names.
    func tags(of functions: [Function]) -> Set<String> {
        var tags: Set<String> = []
        var pending = functions.flatMap { [$0.result] + $0.parameters.map(\.type) }
        while let type = pending.popLast() {
            switch resolved(type) {
            case .pointer(let pointee): pending.append(pointee)
            case .array(let element, _): pending.append(element)
            case .enumeration(let name): tags.insert(name)
            case .structure(let name):
                guard let structure = structures[name], tags.insert(name).inserted else { continue }
                pending += structure.fields.map(\.type)
            default: break
            }
        }
        return tags
    }
}
