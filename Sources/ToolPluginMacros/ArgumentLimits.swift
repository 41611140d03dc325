import SwiftSyntax

/// The constraints of an argument, for checking literals at compile time.
struct ArgumentLimits {
    /// The source of the constraints in an expansion, such as `.bounds(1...3)`.
    var expressions: [String] = []
    private var limits: [Limit] = []

    private enum Limit {
        case bounds(lowest: Double?, highest: Double?)
        case length(lowest: Double?, highest: Double?)
        case count(lowest: Double?, highest: Double?)
        case pattern(String)
    }

    /// Adds a constraint.
    ///
    /// - Parameters:
    ///   - name: `bounds`, `length`, `count` or `pattern`.
    ///   - value: Its argument, a range or a regular expression.
    mutating func add(_ name: String, _ value: ExprSyntax) {
        expressions.append(".\(name)(\(value.trimmedDescription))")
        if let pattern = value.plainText {
            limits.append(.pattern(pattern))
        } else if let (lowest, highest) = value.plainRange {
            switch name {
            case "bounds": limits.append(.bounds(lowest: lowest, highest: highest))
            case "length": limits.append(.length(lowest: lowest, highest: highest))
            default: limits.append(.count(lowest: lowest, highest: highest))
            }
        }
    }

    /// Returns the reason why a literal violates a constraint, or nil if it does not, or is not a literal.
    ///
    /// - Parameter type: The type of the argument.
    func violation(by value: ExprSyntax, as type: TypeSyntax) -> String? {
        limits.lazy.compactMap { violation(by: value, as: type, $0) }.first
    }

    private func violation(by value: ExprSyntax, as type: TypeSyntax, _ limit: Limit) -> String? {
        switch limit {
        case .bounds(let lowest, let highest):
            guard let number = value.plainNumber else { return nil }
            return Self.violation(number, lowest, highest).map { "it must be \($0)" }
        case .length(let lowest, let highest):
            guard let text = value.plainText else { return nil }
            return Self.violation(Double(text.unicodeScalars.count), lowest, highest).map {
                "it must have \($0) characters"
            }
        case .count(let lowest, let highest):
            guard let count = Self.count(of: value, as: type) else { return nil }
            return Self.violation(Double(count), lowest, highest).map { "it must have \($0) elements" }
        case .pattern(let pattern):
            guard let text = value.plainText, PlainPattern(pattern)?.matches(text) == false else { return nil }
            return "it must match \(pattern)"
        }
    }

    private static func violation(_ number: Double, _ lowest: Double?, _ highest: Double?) -> String? {
        if let lowest, number < lowest { return "at least \(text(lowest))" }
        if let highest, number > highest { return "at most \(text(highest))" }
        return nil
    }

    private static func text(_ number: Double) -> String { Int(exactly: number).map { "\($0)" } ?? "\(number)" }

    /// Returns the number of elements of a collection literal.
    ///
    /// Equal elements of a set count once.
    private static func count(of value: ExprSyntax, as type: TypeSyntax) -> Int? {
        if let dictionary = value.as(DictionaryExprSyntax.self) {
            guard case .elements(let elements) = dictionary.content else { return 0 }
            return elements.count
        }
        guard let elements = value.as(ArrayExprSyntax.self)?.elements else { return nil }
        let base = type.as(OptionalTypeSyntax.self)?.wrappedType ?? type
        guard base.lastName == "Set" else { return elements.count }
        guard value.isLiteral else { return nil }
        return Set(elements.map(\.expression.trimmedDescription)).count
    }
}

/// A regular expression with the same meaning in JavaScript, the language of patterns, and in Swift.
private struct PlainPattern {
    private let pattern: String

    /// The length of the longest text to match, which keeps compilation fast.
    private static let maximumLength = 100

    init?(_ pattern: String) {
        guard pattern.utf8.allSatisfy({ 0x20...0x7E ~= $0 }), Self.isPortable(Array(pattern.utf8)) else { return nil }
        self.pattern = pattern
    }

    /// Returns true if a text matches, or nil if that is not certain.
    func matches(_ text: String) -> Bool? {
        guard text.utf8.count <= Self.maximumLength, text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }),
            let regex = try? Regex(pattern)
        else { return nil }
        return text.firstMatch(of: regex) != nil
    }

    /// Returns true for an expression without nested repetitions, which may be slow, and constructs that differ.
    private static func isPortable(_ bytes: [UInt8]) -> Bool {
        var isInClass = false
        var last: UInt8 = 0
        var index = 0
        while index < bytes.count {
            let (byte, next) = (bytes[index], index + 1 < bytes.count ? bytes[index + 1] : 0)
            switch byte {
            case UInt8(ascii: "\\"):
                guard #"dwsDWS.\/-+*?()[]{}^$|"#.utf8.contains(next) else { return false }
                index += 1
            case UInt8(ascii: "["):
                // Nested and empty classes have different meanings.
                guard !isInClass, next != UInt8(ascii: "]"), next != UInt8(ascii: "[") else { return false }
                if next == UInt8(ascii: "^") {
                    guard index + 2 < bytes.count, bytes[index + 2] != UInt8(ascii: "]") else { return false }
                }
                isInClass = true
            case UInt8(ascii: "]"): isInClass = false
            case UInt8(ascii: "&"), UInt8(ascii: "~"), UInt8(ascii: "-"):
                if isInClass, next == byte { return false }
            case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "{"):
                if !isInClass, last == UInt8(ascii: ")") { return false }
                if byte == UInt8(ascii: "{"), !isInClass, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= next) {
                    return false
                }
            case UInt8(ascii: "("):
                if !isInClass, next == UInt8(ascii: "?") {
                    guard index + 2 < bytes.count, bytes[index + 2] == UInt8(ascii: ":") else { return false }
                }
            default: break
            }
            last = byte
            index += 1
        }
        return true
    }
}
