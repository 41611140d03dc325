/// Cuts a stream of bytes into lines, wherever the network has cut it.
struct LineSplitter {
    private var rest: [UInt8] = []
    private let limit: Int

    /// - Parameter limit: The longest line, in bytes.
    init(limit: Int) { self.limit = limit }

    /// Takes the next bytes.
    ///
    /// - Returns: The lines that are complete now, without their ends; blank ones are left out.
    /// - Throws: ``OllamaError`` where a line is longer than the limit.
    mutating func add(_ bytes: some Collection<UInt8>) throws(OllamaError) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            try take(bytes[start..<end])
            if let line = finish() { lines.append(line) }
            start = bytes.index(after: end)
        }
        try take(bytes[start...])
        return lines
    }

    /// The last line, if it has no end of its own; the stream is over.
    mutating func finish() -> [UInt8]? {
        defer { rest = [] }
        while let last = rest.last, [0x0D, 0x20, 0x09].contains(last) { rest.removeLast() }
        return rest.isEmpty ? nil : rest
    }

    private mutating func take(_ bytes: some Collection<UInt8>) throws(OllamaError) {
        guard bytes.count <= limit - rest.count else { throw .tooLong(limit) }
        rest.append(contentsOf: bytes)
    }
}
