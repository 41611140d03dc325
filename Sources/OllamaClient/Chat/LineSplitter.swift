/// A splitter of a byte stream into lines, independent of how the network divides the stream.
struct LineSplitter {
    /// The beginning of a line that is not complete yet.
    private var rest: [UInt8] = []
    private let limit: Int

    /// Creates a splitter.
    ///
    /// - Parameter limit: The maximum length of a line, in bytes.
    init(limit: Int) { self.limit = limit }

    /// Adds the next bytes.
    ///
    /// - Returns: The lines that are complete now, without line breaks. Blank lines are ignored.
    /// - Throws: ``OllamaError`` if a line is longer than the limit.
    mutating func add(_ bytes: some Collection<UInt8>) throws(OllamaError) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            try append(bytes[start..<end])
            if let line = finish() { lines.append(line) }
            start = bytes.index(after: end)
        }
        try append(bytes[start...])
        return lines
    }

    /// Returns the last line at the end of the stream, or nil if it is blank.
    mutating func finish() -> [UInt8]? {
        defer { rest = [] }
        while let last = rest.last, [0x0D, 0x20, 0x09].contains(last) { rest.removeLast() }
        return rest.isEmpty ? nil : rest
    }

    private mutating func append(_ bytes: some Collection<UInt8>) throws(OllamaError) {
        guard bytes.count <= limit - rest.count else { throw .tooLong(limit) }
        rest.append(contentsOf: bytes)
    }
}
