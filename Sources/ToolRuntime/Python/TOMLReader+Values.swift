import ToolJSON

extension TOMLReader {
    /// Reads a value.
    mutating func value(depth: Int) throws(ScriptError) -> TOMLTable.Value {
        guard depth < Self.maximumDepth else { throw error("values are nested too deeply") }
        skipBlanks()
        switch next {
        case UInt8(ascii: "\""): return .json(.string(try basicString()))
        case UInt8(ascii: "'"): return .json(.string(try literalString()))
        case UInt8(ascii: "["): return .json(try array(depth: depth))
        case UInt8(ascii: "{"): return .table(try inlineTable(depth: depth))
        default: return .json(try word())
        }
    }

    /// Reads a number or a Boolean.
    private mutating func word() throws(ScriptError) -> JSON {
        let start = position
        while let byte = next, Self.isPartOfWord(byte) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        switch word {
        case "": throw error("a value is missing")
        case "true": return true
        case "false": return false
        default: break
        }
        let digits = word.replacing("_", with: "")
        let unsigned = digits.drop { $0 == "-" || $0 == "+" }
        let isNumber =
            unsigned.first?.isASCIIDigit == true && unsigned.allSatisfy { $0.isASCIIDigit || ".eE+-".contains($0) }
        // A leading zero does not begin a number.
        let hasZero = unsigned.count > 1 && unsigned.hasPrefix("0") && !unsigned.hasPrefix("0.")
        if isNumber, !hasZero, digits.count - unsigned.count <= 1 {
            if let integer = Int64(digits) { return .int(integer) }
            if unsigned.contains(where: { ".eE".contains($0) }), let number = Double(digits), number.isFinite {
                return .double(number)
            }
        }
        throw error("\(JSON.string(word).text(upTo: 80).text) is not a value that toolhost reads")
    }

    private static func isPartOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "#"), UInt8(ascii: " "): false
        case UInt8(ascii: "\t"), UInt8(ascii: "\n"): false
        default: true
        }
    }

    private mutating func array(depth: Int) throws(ScriptError) -> JSON {
        let first = line
        position += 1
        var elements: [JSON] = []
        while true {
            skipBlankLines()
            if take("]") { return .array(elements) }
            guard next != nil else { throw ScriptError(line: first, "an array is not closed") }
            switch try value(depth: depth + 1) {
            case .json(let value): elements.append(value)
            case .table(let table): elements.append(table.json)
            case .tables: break
            }
            skipBlankLines()
            guard take(",") || next == UInt8(ascii: "]") || next == nil else {
                throw error("the elements of an array need commas")
            }
        }
    }

    private mutating func inlineTable(depth: Int) throws(ScriptError) -> TOMLTable {
        position += 1
        let table = TOMLTable(.dottedKey)
        skipBlanks()
        if !take("}") {
            repeat {
                try assignment(in: table, depth: depth + 1)
                skipBlanks()
            } while take(",")
            guard take("}") else { throw error("a table in braces is not closed in its line") }
        }
        table.origin = .inline
        return table
    }

    // MARK: - Strings

    /// Reads a string in single quotes.
    mutating func literalString() throws(ScriptError) -> String {
        try refuseLongString("'")
        let start = position + 1
        position = start
        while let byte = next, byte != UInt8(ascii: "'") {
            try check(byte)
            position += 1
        }
        let text = bytes[start..<position]
        guard take("'") else { throw error("a string is not closed in its line") }
        return try string(text)
    }

    /// Reads a string in double quotes.
    mutating func basicString() throws(ScriptError) -> String {
        try refuseLongString("\"")
        position += 1
        var text: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            try check(byte)
            position += 1
            if byte == UInt8(ascii: "\\") { text += try escape() } else { text.append(byte) }
        }
        guard take("\"") else { throw error("a string is not closed in its line") }
        return try string(text[...])
    }

    private func refuseLongString(_ quote: Unicode.Scalar) throws(ScriptError) {
        let quotes = Array(repeating: UInt8(ascii: quote), count: 3)
        guard !bytes[position...].starts(with: quotes) else { throw error("strings of several lines are not read") }
    }

    /// Checks that a byte may be in a string as it is.
    private func check(_ byte: UInt8) throws(ScriptError) {
        if byte == UInt8(ascii: "\n") { throw error("a string is not closed in its line") }
        if byte < 0x20, byte != UInt8(ascii: "\t") { throw error("a string has a control character") }
    }

    private func string(_ bytes: ArraySlice<UInt8>) throws(ScriptError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw error("a string is not valid UTF-8") }
        return text
    }

    /// Reads the rest of an escape sequence.
    private mutating func escape() throws(ScriptError) -> [UInt8] {
        let simple: [Unicode.Scalar: UInt8] = [
            "b": 8, "t": 9, "n": 10, "f": 12, "r": 13, "\"": UInt8(ascii: "\""), "\\": UInt8(ascii: "\\"),
        ]
        guard let byte = next else { throw error("a string is not closed in its line") }
        position += 1
        let name = Unicode.Scalar(byte)
        if let value = simple[name] { return [value] }
        guard name == "u" || name == "U" else { throw error("a string has the unknown escape sequence \\\(name)") }
        let count = name == "u" ? 4 : 8
        let digits = bytes[position...].prefix(count)
        let value = digits.reduce(into: UInt32?(0)) { value, digit in
            value = Character(Unicode.Scalar(digit)).hexDigitValue.flatMap { number in
                value.map { $0 << 4 | UInt32(number) }
            }
        }
        guard digits.count == count, let value, let scalar = Unicode.Scalar(value) else {
            throw error("a string has an invalid escape sequence")
        }
        position += count
        return Array(String(Character(scalar)).utf8)
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { "0"..."9" ~= self }
}
