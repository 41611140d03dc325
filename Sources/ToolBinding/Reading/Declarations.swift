/// The declarations of headers that are needed to call their functions.
struct Declarations: Sendable {
    struct Parameter: Sendable {
        /// The name, or nil if the header has none.
        var name: String?
        var type: CType
        /// The type as the header spells it.
        var spelling: String
        var comment: String?
        /// For a declared array, whose type is a pointer to an element: the expression of its length.
        var length: String?
    }

    struct Function: Sendable {
        var name: String
        /// The symbol in the library, which the header may specify.
        var symbol: String
        var parameters: [Parameter]
        var result: CType
        /// The declaration as text.
        var spelling: String
        /// The reason why the function cannot be called, as the end of a sentence, or nil.
        var obstacle: String?
        /// True if the header declares that the result depends on the arguments alone (`const`).
        var isPure: Bool
        /// True for an inline function: the library may have no symbol for it.
        var isInline: Bool
        var comment: String?
    }

    /// The kind of a declaration that is not a function of the library.
    enum Other: Sendable {
        case staticFunction, variable, type, constant
    }

    struct Structure: Sendable {
        var fields: [(name: String, type: CType)]
        /// True if every field has a name and whole bytes.
        var isPlain: Bool
    }

    struct Enumerator: Sendable {
        var name: String
        /// The value, or nil if it is unknown or does not fit in a signed 64-bit integer.
        var value: Int64?
    }

    /// The layout of a type, in bytes.
    struct Layout: Sendable, Hashable {
        var size: Int
        var alignment: Int
        /// The offsets of the fields, in order.
        var offsets: [Int] = []
    }

    /// The functions, in the order of the header.
    var functions: [Function] = []
    var aliases: [String: CType] = [:]
    /// The structures with known fields, by C name: `struct point`, or `point` if only a `typedef` names it.
    var structures: [String: Structure] = [:]
    var enumerations: [String: [Enumerator]] = [:]
    /// The declarations that are not functions of the library, by name.
    var others: [String: Other] = [:]
    /// The lengths that the compiler computed, by expression.
    var lengths: [String: Int] = [:]
    /// The layouts of structures and enumerations that the compiler computed, by C name.
    var layouts: [String: Layout] = [:]

    // Enough for all headers. It stops at circular names.
    private static let maximumAliases = 64

    /// Returns the type that a name stands for, without `const`.
    func resolved(_ type: CType) -> CType {
        var type = type.plain
        for _ in 0..<Self.maximumAliases {
            guard case .alias(let name) = type, let other = aliases[name] else { return type }
            type = other.plain
        }
        return .other("a type with a circular definition")
    }

    /// Returns true if a type, or a type that its name stands for, is constant.
    func isConstant(_ type: CType) -> Bool {
        var type = type
        for _ in 0..<Self.maximumAliases {
            if case .constant = type { return true }
            guard case .alias(let name) = type, let other = aliases[name] else { return false }
            type = other
        }
        return false
    }

    /// Returns the C names of the structures and enumerations that functions use.
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
