/// A type of C.
indirect enum CType: Sendable, Hashable {
    case void
    /// A number or truth value, by its name in the binding format, such as `i32`.
    case scalar(String)
    /// A name for another type: a `typedef`.
    case alias(String)
    /// A structure, by its C name: `struct point`, or `point` if only a `typedef` names it.
    case structure(String)
    /// An enumeration, by its C name: `enum color`, or `color` if only a `typedef` names it.
    case enumeration(String)
    case constant(CType)
    case pointer(CType)
    case array(CType, count: Int)
    case function(CType, parameters: [CType])
    /// A type that toolhost does not support, by its spelling.
    case other(String)

    /// Parses the spelling of a type by clang, such as `const char *` or `int (*)(void *, char **)`.
    init(spelled text: String) {
        var parser = CTypeParser(text)
        // clang names a type without a name by its location. An attribute changes the type before it.
        let isUnknown = ["(unnamed ", "(anonymous ", "__attribute__"].contains { text.contains($0) }
        self = isUnknown ? .other(text) : parser.type() ?? .other(text)
    }

    /// The type without `const`.
    var plain: CType { if case .constant(let type) = self { type.plain } else { self } }

    /// The parameters of a function without a parameter list: `int f()`.
    static let unspecifiedParameters = [CType.other("()")]
}

/// A parser for type names: specifiers, and a declarator without a name.
private struct CTypeParser {
    private let text: String
    private var tokens: ArraySlice<Substring> = []

    // Enough for all headers, and few enough for the stack.
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

    /// Parses the whole text as a type.
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
                var parameters: [CType] = tokens.first == ")" ? CType.unspecifiedParameters : []
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
                // The sizes of fields are added up, so a larger array is not supported.
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

    /// The scalar types of 64-bit Linux, by their sorted keywords without `int` and `signed`.
    private static let scalars = [
        "": "i32", "char": "i8", "char unsigned": "u8", "short": "i16", "short unsigned": "u16", "unsigned": "u32",
        "long": "i64", "long long": "i64", "long unsigned": "u64", "long long unsigned": "u64", "float": "f32",
        "double": "f64", "_Bool": "bool", "bool": "bool",
    ]
}
