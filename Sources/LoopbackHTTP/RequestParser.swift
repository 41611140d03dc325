/// An incremental parser for the requests of one connection.
///
/// The parser performs no input or output. After an error the rest of the input has no meaning, and the parser must not
/// be used again.
package struct RequestParser {
    /// The maximum size of a request line with its headers, in bytes; also of trailers.
    package static let maximumHead = 64 << 10
    /// The maximum number of headers.
    package static let maximumHeaders = 256
    /// The maximum length of the line before a chunk, in bytes.
    package static let maximumChunkLine = 4 << 10

    enum State: Equatable {
        case requestLine, headers
        case body(remaining: Int)
        case chunkLine
        case chunk(remaining: Int)
        case chunkEnd, trailers
    }

    let maximumBody: Int
    var request = Request()
    var expectsContinue = false
    private var state = State.requestLine
    private var input = InputBuffer()
    private var headBytes = 0

    /// Creates a parser that refuses bodies larger than a number of bytes.
    package init(maximumBody: Int) {
        self.maximumBody = maximumBody
    }

    /// True if no byte of the next request has arrived.
    package var isIdle: Bool { state == .requestLine && headBytes == 0 && input.isEmpty }

    /// Adds bytes as received.
    package mutating func append(_ bytes: some Collection<UInt8>) { input.append(bytes) }

    /// Returns true, once, if the client sends the body only after `100 Continue`.
    package mutating func takeExpectation() -> Bool {
        defer { expectsContinue = false }
        // RFC 9110, section 10.1.1: no `100 Continue` once a part of the body has arrived.
        switch state {
        case .body, .chunkLine: return expectsContinue && input.isEmpty && request.body.isEmpty
        default: return false
        }
    }

    /// Returns the next request, or nil if more input is needed.
    package mutating func next() throws(RequestError) -> Request? {
        while true {
            switch state {
            case .requestLine:
                guard let line = try headLine() else { return nil }
                // RFC 9112, section 2.2: empty lines before a request are ignored.
                if line.isEmpty { continue }
                try parseRequestLine(line)
                state = .headers
            case .headers:
                guard let line = try headLine() else { return nil }
                if line.isEmpty {
                    state = try bodyState()
                } else {
                    guard request.headers.count < Self.maximumHeaders else {
                        throw RequestError(status: 431, message: "more than \(Self.maximumHeaders) headers")
                    }
                    request.headers.append(try Self.header(line))
                }
            case .body(remaining: 0):
                return finish()
            case .body(let remaining):
                guard let count = takeBody(remaining) else { return nil }
                state = .body(remaining: remaining - count)
            case .chunkLine:
                let tooLong = RequestError.malformed("a chunk's line is longer than \(Self.maximumChunkLine) bytes")
                guard let line = try input.line(maximum: Self.maximumChunkLine, tooLong: tooLong) else { return nil }
                let size = try Self.chunkSize(line)
                guard size <= maximumBody - request.body.count else { throw .bodyTooLarge(maximum: maximumBody) }
                headBytes = 0
                state = size == 0 ? .trailers : .chunk(remaining: size)
            case .chunk(let remaining):
                guard let count = takeBody(remaining) else { return nil }
                state = count == remaining ? .chunkEnd : .chunk(remaining: remaining - count)
            case .chunkEnd:
                let tooLong = RequestError.malformed("a chunk is longer than its size")
                guard try input.line(maximum: 0, tooLong: tooLong) != nil else { return nil }
                state = .chunkLine
            case .trailers:
                guard let line = try headLine() else { return nil }
                if line.isEmpty { return finish() }
                _ = try Self.header(line)
            }
        }
    }

    private mutating func headLine() throws(RequestError) -> ArraySlice<UInt8>? {
        let tooLong = RequestError(status: 431, message: "the headers are larger than \(Self.maximumHead) bytes")
        let remaining = Self.maximumHead - headBytes
        guard let line = try input.line(maximum: remaining - 2, tooLong: tooLong) else { return nil }
        headBytes += line.count + 2
        return line
    }

    /// Moves input to the body and returns its size, or nil if there is no input.
    private mutating func takeBody(_ maximum: Int) -> Int? {
        let piece = input.prefix(maximum)
        request.body += piece
        return piece.isEmpty ? nil : piece.count
    }

    private mutating func finish() -> Request {
        defer { (request, state, headBytes, expectsContinue) = (Request(), .requestLine, 0, false) }
        return request
    }
}
