import ToolJSON

/// A reader of the part of TOML that metadata of Python files use.
///
/// It reads comments, tables, dotted and quoted keys, strings, integers, decimal numbers, Booleans, arrays and inline
/// tables. Dates, numbers with another base and strings of several lines are errors.
struct TOMLReader {
    let bytes: [UInt8]
    var position = 0
    /// The number of the current line in the file.
    var line: Int

    /// The maximum number of keys in a path, and of arrays and tables within one another.
    static let maximumDepth = 16

    private init(_ block: ScriptBlock) {
        bytes = block.content
        line = block.firstLine
    }

    /// Reads a block of metadata.
    static func read(_ block: ScriptBlock) throws(ScriptError) -> TOMLTable {
        var reader = TOMLReader(block)
        let root = TOMLTable(.header)
        var current = root
        while true {
            reader.skipBlankLines()
            guard let byte = reader.next else { return root }
            if byte == UInt8(ascii: "[") {
                current = try reader.header(in: root)
            } else {
                try reader.assignment(in: current)
            }
            try reader.endLine()
        }
    }

    // MARK: - Lines

    /// Reads `[a.b]` or `[[a.b]]`, and returns its table.
    private mutating func header(in root: TOMLTable) throws(ScriptError) -> TOMLTable {
        let first = line
        position += 1
        let isElement = take("[")
        let path = try keyPath()
        guard take("]"), !isElement || take("]") else { throw error("the header of a table is not closed") }
        var table = root
        for key in path.dropLast() { table = try parent(key, in: table, line: first) }
        guard let key = path.last else { throw error("a table has no name") }
        let known = table[key]?.value
        let new = TOMLTable(.header)
        switch known {
        case nil where isElement: table.set(key, .tables([new]), line: first)
        case nil: table.set(key, .table(new), line: first)
        case .tables(let tables) where isElement: table.set(key, .tables(tables + [new]), line: first)
        case .table(let parent) where !isElement && parent.origin == .parent:
            parent.origin = .header
            return parent
        default: throw ScriptError(line: first, "\(shown(key)) is defined twice")
        }
        return new
    }

    private func parent(_ key: String, in table: TOMLTable, line: Int) throws(ScriptError) -> TOMLTable {
        switch table[key]?.value {
        case nil:
            let new = TOMLTable(.parent)
            table.set(key, .table(new), line: line)
            return new
        case .table(let table) where table.origin != .inline: return table
        case .tables(let tables):
            guard let last = tables.last else { fallthrough }
            return last
        default: throw ScriptError(line: line, "\(shown(key)) is not a table that can be extended")
        }
    }

    /// Reads `a.b = VALUE`.
    mutating func assignment(in table: TOMLTable, depth: Int = 0) throws(ScriptError) {
        let first = line
        var table = table
        let path = try keyPath()
        guard take("=") else { throw error("a key is not followed by `=`") }
        for key in path.dropLast() {
            switch table[key]?.value {
            case nil:
                let new = TOMLTable(.dottedKey)
                table.set(key, .table(new), line: first)
                table = new
            case .table(let known) where known.origin == .dottedKey: table = known
            default: throw ScriptError(line: first, "\(shown(key)) is defined twice")
            }
        }
        guard let key = path.last, table[key] == nil else {
            throw ScriptError(line: first, "\(shown(path.last ?? "")) is defined twice")
        }
        table.set(key, try value(depth: depth), line: first)
    }

    /// Reads keys that are separated by dots.
    private mutating func keyPath() throws(ScriptError) -> [String] {
        var path: [String] = []
        repeat {
            skipBlanks()
            switch next {
            case UInt8(ascii: "\""): path.append(try basicString())
            case UInt8(ascii: "'"): path.append(try literalString())
            default:
                let start = position
                while let byte = next, Self.isBare(byte) { position += 1 }
                guard position > start else { throw error("a key is missing") }
                path.append(String(decoding: bytes[start..<position], as: UTF8.self))
            }
            guard path.count <= Self.maximumDepth else { throw error("a key has too many parts") }
            skipBlanks()
        } while take(".")
        return path
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    // MARK: - Bytes

    /// The next byte, or nil at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Reads a character if it is the next one.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func skipBlanks() {
        while next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") { position += 1 }
    }

    /// Skips blanks, comments and line breaks.
    mutating func skipBlankLines() {
        while true {
            skipBlanks()
            skipComment()
            guard take("\n") else { return }
            line += 1
        }
    }

    private mutating func skipComment() {
        guard next == UInt8(ascii: "#") else { return }
        while let byte = next, byte != UInt8(ascii: "\n") { position += 1 }
    }

    private mutating func endLine() throws(ScriptError) {
        skipBlanks()
        skipComment()
        guard next != nil else { return }
        guard take("\n") else { throw error("the line goes on after its value") }
        line += 1
    }

    func error(_ reason: String) -> ScriptError { ScriptError(line: line, reason) }

    /// A key in an error message.
    private func shown(_ key: String) -> String { JSON.string(key).text(upTo: 80).text }
}
