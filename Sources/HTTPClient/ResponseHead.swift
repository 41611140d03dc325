/// The status and the headers of a response, collected line by line.
struct ResponseHead: Sendable, Hashable {
    private(set) var status = 0
    private(set) var headers: [HTTPHeader] = []

    /// True after the blank line that ends the head of a final response.
    private(set) var isComplete = false

    /// The maximum number of bytes of all heads of one response, including interim responses and trailers.
    private static let maximumBytes = 256 << 10
    private var bytes = 0

    /// Adds a whole line with its line break.
    ///
    /// - Returns: False if the head is too long.
    mutating func add(_ line: some Collection<UInt8>) -> Bool {
        bytes += line.count
        guard bytes <= Self.maximumBytes else { return false }
        // The lines after a complete head are trailers.
        guard !isComplete else { return true }
        let text = String(decoding: line, as: UTF8.self).trimmed
        if text.hasPrefix("HTTP/") {
            // This may be the head after an interim response such as 100 Continue.
            let words = text.split(separator: " ", maxSplits: 2)
            let number = words.count > 1 ? Int(words[1]) ?? 0 : 0
            status = 100...999 ~= number ? number : 0
            headers = []
        } else if text.isEmpty {
            isComplete = status >= 200
        } else if let colon = text.firstIndex(of: ":") {
            headers.append(HTTPHeader(String(text[..<colon]), String(text[text.index(after: colon)...]).trimmed))
        }
        return true
    }
}

extension String {
    /// The string without surrounding spaces, tabs and line breaks.
    fileprivate var trimmed: String {
        let blanks: [UInt8] = [0x09, 0x0A, 0x0D, 0x20]
        let start = utf8.drop { blanks.contains($0) }
        let end = start.lastIndex { !blanks.contains($0) }
        return end.map { String(self[start.startIndex...$0]) } ?? ""
    }
}
