/// A translator from ECMAScript regular expressions with the `u` flag to the syntax of PCRE2.
///
/// It parses the whole grammar. Syntax that only PCRE2 accepts is rejected, and syntax with different meanings is
/// rewritten. Every literal is emitted as a letter, a digit or `\x{…}`, so no source text reaches PCRE2 as syntax.
/// Three forms that the `u` flag forbids are accepted, because authors use them and only one meaning is possible:
/// unescaped `{`, `}` and `]`, escaped punctuation such as `\-`, and a set beside a hyphen (`[\w-.]`).
struct PatternTranslator {
    struct Translation {
        let bytes: [UInt8]
        let hasReferences: Bool
    }

    /// The maximum nesting of groups.
    ///
    /// PCRE2 compiles them by recursion.
    static let maximumNesting = 100

    /// The maximum count of a repetition in PCRE2.
    private static let maximumCount = 65535

    private struct OpenGroup {
        let position: Int
        let isAssertion: Bool
    }

    private struct NamedReference {
        let name: String
        let position: Int
        let outputOffset: Int
    }

    let source: [Unicode.Scalar]
    var position = 0
    private var output: [UInt8] = []
    private var openGroups: [OpenGroup] = []
    private var groupCount = 0
    private var groupNumbers: [String: Int] = [:]
    private var numberedReferences: [(number: Int, position: Int)] = []
    private var namedReferences: [NamedReference] = []

    /// True if a repetition can follow the last item.
    private var isRepeatable = false

    static func translate(_ source: String) throws(PatternError) -> Translation {
        guard source.utf8.count <= Pattern.maximumLength else {
            throw PatternError(
                reason: .limit,
                message: "the pattern is longer than \(Pattern.maximumLength) bytes"
            )
        }
        var translator = PatternTranslator(source: Array(source.unicodeScalars))
        return try translator.pattern()
    }

    private init(source: [Unicode.Scalar]) {
        self.source = source
    }

    private mutating func pattern() throws(PatternError) -> Translation {
        while let scalar = next { try item(scalar) }
        if let group = openGroups.last { throw error("the group is not closed", at: group.position) }
        try resolveReferences()
        return Translation(bytes: output, hasReferences: !numberedReferences.isEmpty || !namedReferences.isEmpty)
    }

    private mutating func item(_ scalar: Unicode.Scalar) throws(PatternError) {
        let start = position
        position += 1
        switch scalar {
        case "^", "$", "|":
            emit(String(scalar))
            isRepeatable = false
        case "(":
            try openGroup()
        case ")":
            guard let group = openGroups.popLast() else { throw error("there is no group to close", at: start) }
            emit(")")
            isRepeatable = !group.isAssertion
        case "." where output.isEmpty && take("*"):
            // A search can start anywhere, so a leading `.*` is redundant. PCRE2 would try it at every start, and
            // `.*word` is a common pattern.
            _ = take("?")
            isRepeatable = false
        case ".":
            atom(#"[^\n\r\x{2028}\x{2029}]"#)
        case "[":
            atom(try characterClass(from: start))
        case "\\":
            try escape(from: start)
        case "*", "+", "?":
            try repetition(String(scalar), from: start)
        case "{":
            if let bounds = try repetitionBounds(from: start) {
                try repetition(bounds, from: start)
            } else {
                atom(Self.literal(scalar.value))
            }
        default:
            atom(Self.literal(scalar.value))
        }
    }

    private mutating func openGroup() throws(PatternError) {
        let start = position - 1
        guard openGroups.count < Self.maximumNesting else {
            throw PatternError(
                reason: .limit,
                message: "groups are nested more than \(Self.maximumNesting) levels deep"
            )
        }
        var isAssertion = false
        if !take("?") {
            emit("(")
            groupCount += 1
        } else if take(":") {
            emit("(?:")
        } else if let assertion = ["=", "!", "<=", "<!"].first(where: { take($0) }) {
            emit("(?" + assertion)
            isAssertion = true
        } else if take("<") {
            let name = try groupName()
            emit("(")
            groupCount += 1
            guard groupNumbers.updateValue(groupCount, forKey: name) == nil else {
                throw error("the group name \(name) is used twice", at: start)
            }
        } else {
            throw error("the group syntax after (? is unknown", at: start)
        }
        openGroups.append(OpenGroup(position: start, isAssertion: isAssertion))
        isRepeatable = false
    }

    // MARK: - Escapes outside a class

    private mutating func escape(from start: Int) throws(PatternError) {
        switch next {
        case "b", "B":
            emit(next == "b" ? #"\b"# : #"\B"#)
            position += 1
            isRepeatable = false
        case "k":
            position += 1
            guard take("<") else { throw error(#"\k needs a group name in < >"#, at: start) }
            let name = try groupName()
            atom(#"\g{"#)
            namedReferences.append(NamedReference(name: name, position: start, outputOffset: output.count))
            emit("00000}")
        case let digit? where "1"..."9" ~= digit:
            let number = number()
            numberedReferences.append((number, start))
            atom(#"\g{\#(number)}"#)
        default:
            switch try classEscape(from: start) {
            case .set(let set): atom("[\(set)]")
            case .scalar(let value): atom(Self.literal(value))
            }
        }
    }

    /// Checks that the group of every reference exists, even later in the pattern, and fills in the numbers of names.
    private mutating func resolveReferences() throws(PatternError) {
        for reference in numberedReferences where reference.number > groupCount {
            throw error("there is no group \(reference.number)", at: reference.position)
        }
        for reference in namedReferences {
            guard var number = groupNumbers[reference.name] else {
                throw error("there is no group named \(reference.name)", at: reference.position)
            }
            for offset in (reference.outputOffset..<reference.outputOffset + 5).reversed() {
                output[offset] = UInt8(ascii: "0") + UInt8(number % 10)
                number /= 10
            }
        }
    }

    private mutating func groupName() throws(PatternError) -> String {
        let start = position
        var name = ""
        while let scalar = next, scalar != ">" {
            let fits =
                scalar == "$" || scalar == "_" || scalar.properties.isIDStart
                || !name.isEmpty && (scalar.properties.isIDContinue || scalar == "\u{200C}" || scalar == "\u{200D}")
            guard fits else { throw error("a group name must be an identifier, closed with >", at: start) }
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard !name.isEmpty, take(">") else {
            throw error("a group name must be an identifier, closed with >", at: start)
        }
        return name
    }

    // MARK: - Repetitions

    private mutating func repetition(_ quantifier: String, from start: Int) throws(PatternError) {
        guard isRepeatable else { throw error("there is nothing to repeat", at: start) }
        emit(quantifier)
        if take("?") { emit("?") }
        isRepeatable = false
    }

    /// Parses the rest of `{n}`, `{n,}` or `{n,m}`, or returns nil if the brace is a literal.
    private mutating func repetitionBounds(from start: Int) throws(PatternError) -> String? {
        guard next?.isASCIIDigit == true else { return nil }
        let minimum = number()
        var maximum: Int? = minimum
        if take(",") { maximum = next?.isASCIIDigit == true ? number() : nil }
        guard take("}") else {
            position = start + 1
            return nil
        }
        if let maximum, maximum < minimum { throw error("the bounds of the repetition are out of order", at: start) }
        guard max(minimum, maximum ?? 0) <= Self.maximumCount else {
            throw PatternError(
                reason: .unsupported,
                message: "a repetition of more than \(Self.maximumCount) times is not supported"
            )
        }
        return maximum == minimum ? "{\(minimum)}" : "{\(minimum),\(maximum.map(String.init) ?? "")}"
    }

    /// Parses a decimal number, clamped above the maximum of PCRE2.
    private mutating func number() -> Int {
        var value = 0
        while let scalar = next, scalar.isASCIIDigit {
            value = min(value * 10 + Int(scalar.value - 0x30), Self.maximumCount + 1)
            position += 1
        }
        return value
    }

    // MARK: - Input and output

    var next: Unicode.Scalar? {
        position < source.count ? source[position] : nil
    }

    mutating func take(_ text: String) -> Bool {
        guard source[position...].starts(with: text.unicodeScalars) else { return false }
        position += text.unicodeScalars.count
        return true
    }

    func error(_ message: String, at position: Int) -> PatternError {
        let offset = source[..<position].reduce(0) { $0 + UTF8.width($1) }
        return PatternError(reason: .syntax, message: "\(message) at byte \(offset)")
    }

    private mutating func emit(_ text: String) {
        output.append(contentsOf: text.utf8)
    }

    private mutating func atom(_ text: String) {
        emit(text)
        isRepeatable = true
    }

    /// Returns a code point as a literal inside or outside a class.
    ///
    /// No string contains a lone surrogate.
    static func literal(_ value: UInt32) -> String {
        if let scalar = Unicode.Scalar(value), scalar.isASCIILetter || scalar.isASCIIDigit { return String(scalar) }
        return #"\x{\#(String(value, radix: 16))}"#
    }
}
