/// A type as C spells it.
indirect enum CType: Sendable, Hashable {
    case void
    /// A number or truth value, by the binding format's name: `i32`.
    case scalar(String)
    /// A name that the header gives to another type.
    case alias(String)
    /// By its C name: `struct point`, or `point` where only a `typedef` names it.
    case structure(String)
    /// By its C name, likewise.
    case enumeration(String)
    case constant(CType)
    case pointer(CType)
    case array(CType, count: Int)
    case function(CType, parameters: [CType])
    /// What toolhost has no counterpart for, as it is spelt.
    case other(String)

    /// Reads the form in which clang prints types: `const char *`, `int (*)(void *, char **)`.
    init(spelled text: String) {
        var parser = CTypeParser(text)
        // Types without a name are named after their place, and an attribute makes another type of the one before it.
        let isUnknown = ["(unnamed ", "(anonymous ", "__attribute__"].contains { text.contains($0) }
        self = isUnknown ? .other(text) : parser.type() ?? .other(text)
    }

    /// The type without `const`.
    var plain: CType { if case .constant(let type) = self { type.plain } else { self } }

    /// The parameters of a function that does not tell them: `int f()`.
    static let untold = [CType.other("()")]
}

/// Reads a type name: specifiers, and a declarator that declares nothing.
private struct CTypeParser {
    private let text: String
    private var tokens: ArraySlice<Substring> = []

    // Enough for every header, too few to overflow the stack.
    private static let maximumDepth = 32
    private static let maximumCount = 1 << 40
    private var depth = 0

    init(_ text: String) {
        self.text = text
        var (tokens, rest): ([Substring], Substring) = ([], text[...])
        while let first = rest.first {
            let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
            let length = !word.isEmpty ? word.count : rest.hasPrefix("...") ? 3 : 1
            if first != " " { tokens.append(rest.prefix(length)) }
            rest = rest.dropFirst(length)
        }
        self.tokens = tokens[...]
    }

    /// The whole text as a type.
    mutating func type() -> CType? {
        let type = one()
        return tokens.isEmpty ? type : nil
    }

    private mutating func take(_ token: Substring) -> Bool {
        guard tokens.first == token else { return false }
        tokens = tokens.dropFirst()
        return true
    }

    private static let qualifiers: Set<Substring> = [
        "const", "volatile", "restrict", "__restrict", "_Nonnull", "_Nullable", "_Null_unspecified",
    ]

    private mutating func qualifiers() -> Bool {
        var isConstant = false
        while let token = tokens.first, Self.qualifiers.contains(token) {
            isConstant = isConstant || token == "const"
            tokens = tokens.dropFirst()
        }
        return isConstant
    }

    private mutating func one() -> CType? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { return nil }
        var words: [Substring] = []
        var isConstant = qualifiers()
        while let token = tokens.first, let first = token.first, first.isLetter || first == "_" {
            words.append(token)
            tokens = tokens.dropFirst()
            isConstant = qualifiers() || isConstant
        }
        guard let base = Self.base(words), let declared = declarator() else { return nil }
        return declared(isConstant ? .constant(base) : base)
    }

    private typealias Declarator = (CType) -> CType

    private mutating func declarator() -> Declarator? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { return nil }
        var pointers: [Bool] = []
        while take("*") { pointers.append(qualifiers()) }
        var inner: Declarator = { $0 }
        if tokens.first == "(", tokens.dropFirst().first == "*" {
            _ = take("(")
            guard let nested = declarator(), take(")") else { return nil }
            inner = nested
        }
        guard let suffixes = suffixes() else { return nil }
        return { base in
            let pointed = pointers.reduce(base) { $1 ? .constant(.pointer($0)) : .pointer($0) }
            return inner(suffixes.reversed().reduce(pointed) { $1($0) })
        }
    }

    private mutating func suffixes() -> [Declarator]? {
        var suffixes: [Declarator] = []
        while true {
            if take("(") {
                var parameters: [CType] = tokens.first == ")" ? CType.untold : []
                while !take(")") {
                    if !parameters.isEmpty, !take(",") { return nil }
                    if take("...") {
                        parameters.append(.other("..."))
                    } else {
                        guard let parameter = one() else { return nil }
                        parameters.append(parameter)
                    }
                }
                let list = parameters == [.void] ? [] : parameters
                suffixes.append { .function($0, parameters: list) }
            } else if take("[") {
                // The sizes of fields are added up. Beyond the maximum, the array is a type without a counterpart.
                let count = tokens.first.flatMap { Int($0) } ?? 0
                if 1...Self.maximumCount ~= count { tokens = tokens.dropFirst() }
                guard take("]") else { return nil }
                suffixes.append { .array($0, count: count) }
            } else {
                return suffixes
            }
        }
    }

    private static func base(_ words: [Substring]) -> CType? {
        switch words.first {
        case nil: return nil
        case "struct": return words.count == 2 ? .structure("struct \(words[1])") : nil
        case "enum": return words.count == 2 ? .enumeration("enum \(words[1])") : nil
        case "union": return .other(words.joined(separator: " "))
        case "void": return .void
        default: break
        }
        let sorted = words.filter { $0 != "int" && $0 != "signed" }.sorted()
        if let scalar = scalars[sorted.joined(separator: " ")] { return .scalar(scalar) }
        return words.count == 1 ? .alias(String(words[0])) : .other(words.joined(separator: " "))
    }

    /// By what is left without `int` and `signed`, in alphabetical order; on 64-bit Linux.
    private static let scalars = [
        "": "i32", "char": "i8", "char unsigned": "u8", "short": "i16", "short unsigned": "u16", "unsigned": "u32",
        "long": "i64", "long long": "i64", "long unsigned": "u64", "long long unsigned": "u64", "float": "f32",
        "double": "f64", "_Bool": "bool", "bool": "bool",
    ]
}
