/// The names of the modules that a Python file imports, found without parsing the language.
///
/// Whatever begins like an import statement counts, also in strings and comments after a colon: a name too many costs
/// little, and a module that is missed cannot be imported.
struct PythonImports {
    /// The first names of the modules: `a` for `import a.b` and for `from a.b import c`.
    private(set) var names: Set<String> = []

    private let text: [UInt8]
    private var position = 0

    /// Scans the text of a file in linear time.
    init(in text: [UInt8]) {
        self.text = text
        scan()
    }

    private mutating func scan() {
        // A byte order mark.
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        var isStart = true
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: ";"), UInt8(ascii: ":"): isStart = true
            case UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0C: break
            case UInt8(ascii: "i") where isStart && take("import"):
                readNames()
                isStart = false
                continue
            case UInt8(ascii: "f") where isStart && take("from"):
                skipBlanks()
                if let name = identifier() { names.insert(name) }
                isStart = false
                continue
            default: isStart = false
            }
            position += 1
        }
    }

    /// Reads `a.b as c, d`.
    private mutating func readNames() {
        repeat {
            skipBlanks()
            guard let name = identifier() else { return }
            names.insert(name)
            skipBlanks()
            while next == UInt8(ascii: ".") {
                position += 1
                skipBlanks()
                _ = identifier()
                skipBlanks()
            }
            if take("as") {
                skipBlanks()
                _ = identifier()
                skipBlanks()
            }
        } while takeComma()
    }

    /// Reads a keyword that a blank follows.
    private mutating func take(_ keyword: StaticString) -> Bool {
        let end = position + keyword.utf8CodeUnitCount
        guard end < text.count, Self.isBlank(text[end]) || text[end] == UInt8(ascii: "\\") else { return false }
        let matches = keyword.withUTF8Buffer { $0.elementsEqual(text[position..<end]) }
        if matches { position = end }
        return matches
    }

    private mutating func takeComma() -> Bool {
        guard next == UInt8(ascii: ",") else { return false }
        position += 1
        return true
    }

    private mutating func identifier() -> String? {
        let start = position
        while let byte = next, Self.isPartOfName(byte) { position += 1 }
        return position > start ? String(decoding: text[start..<position], as: UTF8.self) : nil
    }

    /// Skips blanks, and line breaks behind a backslash.
    private mutating func skipBlanks() {
        while let byte = next {
            if Self.isBlank(byte) {
                position += 1
            } else if byte == UInt8(ascii: "\\"), position + 1 < text.count, text[position + 1] == UInt8(ascii: "\n") {
                position += 2
            } else if byte == UInt8(ascii: "\\"), text[position...].starts(with: "\\\r\n".utf8) {
                position += 3
            } else {
                return
            }
        }
    }

    private var next: UInt8? { position < text.count ? text[position] : nil }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == 0x0C
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: true
        default: false
        }
    }
}
