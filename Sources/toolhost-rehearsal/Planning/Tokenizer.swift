import ToolJSON

/// A tokenizer that reads a text from left to right, with little lookahead.
struct Tokenizer {
    private static let maximumQuotation = 512
    private static let quotes: [Unicode.Scalar: Unicode.Scalar] = [
        "\"": "\"", "'": "'", "`": "`", "“": "”", "‘": "’", "«": "»",
    ]

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var tokens: [Token] = []
    private var isSentenceStart = true

    init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    mutating func run() -> [Token] {
        while let scalar = at(0) {
            if scalar.properties.isWhitespace {
                if scalar == "\n" { isSentenceStart = true }
                position += 1
            } else if !(quoted() || date() || number() || path() || word()) {
                add(.symbol, String(Character(scalar)), length: 1)
                isSentenceStart = [".", "!", "?", ":"].contains(scalar)
            }
        }
        return tokens
    }

    private func at(_ offset: Int) -> Unicode.Scalar? {
        let index = position + offset
        return scalars.indices.contains(index) ? scalars[index] : nil
    }

    private func isDigit(_ offset: Int) -> Bool {
        at(offset).map { "0"..."9" ~= $0 } ?? false
    }

    private func isLetter(_ offset: Int) -> Bool {
        at(offset).map { $0.properties.isAlphabetic || $0 == "_" } ?? false
    }

    private func isSpaceOrEnd(_ offset: Int) -> Bool {
        at(offset)?.properties.isWhitespace ?? true
    }

    private func text(_ length: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[position..<position + length])
        return String(view)
    }

    private mutating func add(_ kind: Token.Kind, _ text: String, length: Int) {
        let range = position..<position + length
        tokens.append(Token(kind: kind, text: text, range: range, isSentenceStart: isSentenceStart))
        position += length
        isSentenceStart = false
    }

    // MARK: - Kinds

    private mutating func quoted() -> Bool {
        guard let open = at(0), let close = Self.quotes[open] else { return false }
        for length in 1..<Self.maximumQuotation {
            guard let scalar = at(length) else { return false }
            guard scalar == close, length > 1, !(isLetter(length + 1) || isDigit(length + 1)) else { continue }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[position + 1..<position + length])
            add(.quoted, String(view), length: length + 1)
            return true
        }
        return false
    }

    /// Returns true if the text matches a pattern, in which `0` stands for any digit.
    private func matches(_ pattern: StaticString, from offset: Int) -> Bool {
        pattern.withUTF8Buffer { bytes in
            bytes.enumerated().allSatisfy { index, byte in
                byte == UInt8(ascii: "0")
                    ? isDigit(offset + index) : at(offset + index) == Unicode.Scalar(byte)
            }
        }
    }

    private mutating func date() -> Bool {
        guard matches("0000-00-00", from: 0), !isDigit(10) else { return false }
        var length = 10
        if matches("T00:00", from: length) {
            length += 6
            if matches(":00", from: length) { length += 3 }
            if at(length) == ".", isDigit(length + 1) {
                length += 1
                while isDigit(length) { length += 1 }
            }
            if at(length) == "Z" {
                length += 1
            } else if matches("+00:00", from: length) || matches("-00:00", from: length) {
                length += 6
            }
        }
        add(.date, text(length), length: length)
        return true
    }

    private mutating func number() -> Bool {
        // After an operand, a minus sign is an operator.
        let isNegative = at(0) == "-" && tokens.last?.endsOperand != true
        var length = isNegative ? 1 : 0
        guard isDigit(length) || at(length) == "." && isDigit(length + 1) else { return false }
        let firstDigit = length
        while isDigit(length) { length += 1 }
        if 1...3 ~= length - firstDigit {
            while matches(",000", from: length), !isDigit(length + 4) { length += 4 }
        }
        if at(length) == ".", isDigit(length + 1) {
            length += 1
            while isDigit(length) { length += 1 }
        }
        if at(length) == "e" || at(length) == "E" {
            let sign = at(length + 1) == "-" || at(length + 1) == "+" ? 2 : 1
            if isDigit(length + sign) {
                length += sign
                while isDigit(length) { length += 1 }
            }
        }
        // `10:30`, `1.2.3` and `4f2a` are names. `22C`, `5km` and `2x4` begin with a number.
        var end = length
        while isLetter(end) || isDigit(end) || (at(end) == "." || at(end) == ":") && isDigit(end + 1) { end += 1 }
        let tail = scalars[position + length..<position + end]
        let isFactor = tail.first == "x" && tail.dropFirst().allSatisfy { "0"..."9" ~= $0 }
        if !isFactor, tail.contains(where: { "0"..."9" ~= $0 }) {
            add(.word, text(end), length: end)
            return true
        }
        let written = scalars[position + firstDigit..<position + length].filter { $0 != "," }
        let whole = written.prefix { "0"..."9" ~= $0 }.drop { $0 == "0" }
        var literal = (isNegative ? "-" : "") + (whole.isEmpty ? "0" : "")
        literal.unicodeScalars.append(contentsOf: whole)
        literal.unicodeScalars.append(contentsOf: written.drop { "0"..."9" ~= $0 })
        guard JSONNumber(literal: literal) != nil else { return false }
        add(.number, literal, length: length)
        return true
    }

    private mutating func path() -> Bool {
        let before = position == 0 ? " " : scalars[position - 1]
        guard before.properties.isWhitespace || Self.quotes.keys.contains(before) || before == "(" else { return false }
        var start = 0
        if at(0) == "~" { start = 1 }
        while start < 2, at(start) == "." { start += 1 }
        guard at(start) == "/" else { return false }
        // `3 / 4` is a division.
        if start == 0, tokens.last?.endsOperand == true { return false }
        var length = start + 1
        while let scalar = at(length), !scalar.properties.isWhitespace,
            !"\"'`,;()?!”’".unicodeScalars.contains(scalar)
        { length += 1 }
        while length > start + 1, let last = at(length - 1), last == "." || last == ":" { length -= 1 }
        add(.path, text(length), length: length)
        return true
    }

    private mutating func word() -> Bool {
        guard isLetter(0) else { return false }
        var length = 1
        var hasSlash = false
        while let scalar = at(length) {
            if isLetter(length) || isDigit(length) || scalar.properties.generalCategory == .nonspacingMark {
                length += 1
            } else if scalar == ":", at(length + 1) == "/", at(length + 2) == "/" {
                while !isSpaceOrEnd(length) { length += 1 }
                while let last = at(length - 1), ".,;:?!)\"'".unicodeScalars.contains(last) { length -= 1 }
                add(.link, text(length), length: length)
                return true
            } else if "-'’./@".unicodeScalars.contains(scalar) || hasSlash && scalar == "+",
                isLetter(length + 1) || isDigit(length + 1)
            {
                hasSlash = hasSlash || scalar == "/"
                length += 1
            } else {
                break
            }
        }
        let text = text(length)
        add(kind(ofWord: text), withoutPossessive(text), length: length)
        return true
    }

    private func withoutPossessive(_ text: String) -> String {
        text.hasSuffix("'s") || text.hasSuffix("’s") ? String(text.dropLast(2)) : text
    }

    private func kind(ofWord text: String) -> Token.Kind {
        if text == "UTC" || text == "GMT" { return .zone }
        if text.contains("@") { return .link }
        if text.contains("/") {
            let parts = text.split(separator: "/")
            let isZone = parts.count <= 3 && parts.allSatisfy { $0.first?.isUppercase == true && !$0.contains(".") }
            return isZone ? .zone : .path
        }
        let parts = text.split(separator: ".")
        if let ending = parts.last, parts.count > 1, parts[0].count > 1, 1...8 ~= ending.count,
            ending.first?.isLowercase == true
        {
            return .path
        }
        return .word
    }
}
