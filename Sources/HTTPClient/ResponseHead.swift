/// The status and the headers of a response, collected line by line.
struct ResponseHead: Sendable, Hashable {
    private(set) var status = 0
    private(set) var headers: [HTTPHeader] = []

    /// True once the blank line at the end of a final response has come.
    private(set) var isComplete = false

    /// The most bytes of all heads of one response together, those of interim responses and trailers included.
    private static let maximumBytes = 256 << 10
    private var bytes = 0

    /// Adds one line, as libcurl hands it over: whole, with its line break.
    ///
    /// - Returns: False if the head is too long.
    mutating func add(_ line: some Collection<UInt8>) -> Bool {
        bytes += line.count
        guard bytes <= Self.maximumBytes else { return false }
        // What follows a complete head are trailers.
        guard !isComplete else { return true }
        let text = String(decoding: line, as: UTF8.self).trimmed
        if text.hasPrefix("HTTP/") {
            // The head of a response after an interim one, 100 Continue say.
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
    /// The string without spaces, tabs and line breaks at both ends.
    fileprivate var trimmed: String {
        let blanks: [UInt8] = [0x09, 0x0A, 0x0D, 0x20]
        let start = utf8.drop { blanks.contains($0) }
        let end = start.lastIndex { !blanks.contains($0) }
        return end.map { String(self[start.startIndex...$0]) } ?? ""
    }
}
