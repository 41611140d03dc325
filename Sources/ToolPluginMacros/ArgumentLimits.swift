import SwiftSyntax

/// The constraints of an argument, as far as a written value can be checked against them when the program is compiled.
struct ArgumentLimits {
    /// The constraints as the list of a parameter has them: `.bounds(1...3)`.
    var expressions: [String] = []
    private var limits: [Limit] = []

    private enum Limit {
        case bounds(lowest: Double?, highest: Double?)
        case length(lowest: Double?, highest: Double?)
        case count(lowest: Double?, highest: Double?)
        case pattern(String)
    }

    /// Adds a constraint that was read.
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

    /// The reason why the schema refuses a written value, or nil where it does not, or the value is not written out.
    ///
    /// - Parameter type: The type of the argument.
    func refusal(of value: ExprSyntax, as type: TypeSyntax) -> String? {
        limits.lazy.compactMap { refusal(of: value, as: type, $0) }.first
    }

    private func refusal(of value: ExprSyntax, as type: TypeSyntax, _ limit: Limit) -> String? {
        switch limit {
        case .bounds(let lowest, let highest):
            guard let number = value.plainNumber else { return nil }
            return Self.refusal(number, lowest, highest).map { "it must be \($0)" }
        case .length(let lowest, let highest):
            guard let text = value.plainText else { return nil }
            return Self.refusal(Double(text.unicodeScalars.count), lowest, highest).map {
                "it must have \($0) characters"
            }
        case .count(let lowest, let highest):
            guard let count = Self.count(of: value, as: type) else { return nil }
            return Self.refusal(Double(count), lowest, highest).map { "it must have \($0) elements" }
        case .pattern(let pattern):
            guard let text = value.plainText, PlainPattern(pattern)?.matches(text) == false else { return nil }
            return "it must match \(pattern)"
        }
    }

    private static func refusal(_ number: Double, _ lowest: Double?, _ highest: Double?) -> String? {
        if let lowest, number < lowest { return "at least \(text(lowest))" }
        if let highest, number > highest { return "at most \(text(highest))" }
        return nil
    }

    private static func text(_ number: Double) -> String { Int(exactly: number).map { "\($0)" } ?? "\(number)" }

    /// The number of elements of a written collection; a set has each of them once.
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

/// A regular expression that means the same to JavaScript, which patterns are written for, and to Swift.
private struct PlainPattern {
    private let pattern: String

    /// The longest text that is matched: the compiler must not be kept waiting.
    private static let maximumLength = 100

    init?(_ pattern: String) {
        guard pattern.utf8.allSatisfy({ 0x20...0x7E ~= $0 }), Self.isPortable(Array(pattern.utf8)) else { return nil }
        self.pattern = pattern
    }

    /// True if a text matches, or nil where that is not certain.
    func matches(_ text: String) -> Bool? {
        guard text.utf8.count <= Self.maximumLength, text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }),
            let regex = try? Regex(pattern)
        else { return nil }
        return text.firstMatch(of: regex) != nil
    }

    /// True for an expression without what differs, and without repetitions within repetitions, which may take long.
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
                // A set within a set, and an empty one, mean something else to each.
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
