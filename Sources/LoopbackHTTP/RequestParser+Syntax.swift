extension RequestParser {
    mutating func parseRequestLine(_ line: ArraySlice<UInt8>) throws(RequestError) {
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count == 3, Self.isToken(words[0]), !words[1].isEmpty, words[1].allSatisfy({ 0x21...0x7E ~= $0 })
        else {
            throw .malformed("the request line is malformed")
        }
        request.method = String(decoding: words[0], as: UTF8.self)
        request.target = String(decoding: words[1], as: UTF8.self)
        let version = Array(words[2])
        guard version.count == 8, version.starts(with: "HTTP/".utf8), version[6] == UInt8(ascii: "."),
            let major = Self.digit(version[5]), let minor = Self.digit(version[7])
        else {
            throw .malformed("the request line is malformed")
        }
        guard major == 1 else { throw RequestError(status: 505, message: "only HTTP/1.1 and HTTP/1.0 are supported") }
        request.minorVersion = min(minor, 1)
    }

    static func header(_ line: ArraySlice<UInt8>) throws(RequestError) -> (name: String, value: String) {
        // A name that must be a token excludes folded lines and spaces before the colon.
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), isToken(line[..<colon]) else {
            throw .malformed("a header is malformed")
        }
        let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var value = line[(colon + 1)...].drop(while: isSpace)
        while let last = value.last, isSpace(last) { value.removeLast() }
        return (String(decoding: line[..<colon], as: UTF8.self).lowercased(), String(decoding: value, as: UTF8.self))
    }

    /// Returns the state for reading the body that the headers announce.
    mutating func bodyState() throws(RequestError) -> State {
        let isCurrent = request.minorVersion > 0
        let hosts = request.values(of: "host")
        guard hosts.count == 1 || hosts.isEmpty && !isCurrent else { throw .malformed("one Host header is required") }
        let lengths = request.values(of: "content-length")
        let codings = request.values(of: "transfer-encoding")
        // Contradicting headers about the end of the body are used to smuggle requests.
        guard lengths.count + codings.count <= 1 else { throw .malformed("the length of the body is ambiguous") }
        var state = State.body(remaining: 0)
        if let coding = codings.first {
            guard isCurrent else { throw .malformed("HTTP/1.0 has no Transfer-Encoding") }
            guard coding.lowercased() == "chunked" else {
                throw RequestError(status: 501, message: "the only supported Transfer-Encoding is chunked")
            }
            state = .chunkLine
        } else if let length = lengths.first {
            guard !length.isEmpty, length.utf8.allSatisfy({ Self.digit($0) != nil }) else {
                throw .malformed("Content-Length is not a number")
            }
            // A number that does not fit is too large as well.
            guard let count = Int(length), count <= maximumBody else { throw .bodyTooLarge(maximum: maximumBody) }
            state = .body(remaining: count)
        }
        if isCurrent, let expectation = request.values(of: "expect").first {
            guard expectation.lowercased() == "100-continue" else {
                throw RequestError(status: 417, message: "the only supported expectation is 100-continue")
            }
            expectsContinue = state != .body(remaining: 0)
        }
        return state
    }

    static func chunkSize(_ line: ArraySlice<UInt8>) throws(RequestError) -> Int {
        let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        // `Int` would accept a sign.
        guard digits.first.map({ $0 >= UInt8(ascii: "0") }) == true, digits.count <= 15,
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
        else {
            throw .malformed("a chunk's size is malformed")
        }
        return size
    }

    private static func digit(_ byte: UInt8) -> Int? {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte ? Int(byte - UInt8(ascii: "0")) : nil
    }

    private static func isToken(_ bytes: ArraySlice<UInt8>) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
