/// Received bytes that are not parsed yet.
struct InputBuffer {
    private var bytes: [UInt8] = []
    private var start = 0
    // The end of the part without a line feed. Without this index, a long line that arrives byte by byte would be
    // searched from its start each time.
    private var searched = 0

    var isEmpty: Bool { start == bytes.count }

    mutating func append(_ more: some Collection<UInt8>) {
        bytes.removeSubrange(..<start)
        searched -= start
        start = 0
        bytes += more
    }

    /// Removes a line and returns it without its line break, or nil if its end has not arrived.
    mutating func line(maximum: Int, tooLong: RequestError) throws(RequestError) -> ArraySlice<UInt8>? {
        guard let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = bytes.count
            // The last byte may be the carriage return.
            guard bytes.count - start <= maximum + 1 else { throw tooLong }
            return nil
        }
        guard end > start, bytes[end - 1] == UInt8(ascii: "\r") else {
            throw .malformed("a line does not end with CR LF")
        }
        let line = bytes[start..<end - 1]
        guard line.count <= maximum else { throw tooLong }
        guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") }) else {
            throw .malformed("a line contains a control character")
        }
        (start, searched) = (end + 1, end + 1)
        return line
    }

    /// Removes and returns the next bytes, up to a maximum number.
    mutating func prefix(_ maximum: Int) -> ArraySlice<UInt8> {
        let piece = bytes[start...].prefix(maximum)
        start += piece.count
        searched = max(searched, start)
        return piece
    }
}
