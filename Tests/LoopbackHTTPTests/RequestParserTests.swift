import LoopbackHTTP
import Testing

@Suite("The request parser", .timeLimit(.minutes(5)))
struct RequestParserTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let input: String
        var method = "GET"
        var target = "/"
        var body = ""
        var keepsAlive = true

        var testDescription: String { input.debugDescription }
    }

    private static let samples = [
        Sample(input: "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        Sample(input: "\r\n\r\nGET /?a=b%20c HTTP/1.1\r\nhost:x\r\n\r\n", target: "/?a=b%20c"),
        Sample(input: "GET / HTTP/1.7\r\nHost: x\r\nConnection: TE, Close\r\n\r\n", keepsAlive: false),
        Sample(input: "GET / HTTP/1.0\r\n\r\n", keepsAlive: false),
        Sample(input: "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"),
        Sample(
            input: "HEAD http://a.example/b HTTP/1.1\r\nHost: a\r\n\r\n",
            method: "HEAD",
            target: "http://a.example/b"
        ),
        Sample(input: "CONNECT [::1]:443 HTTP/1.1\r\nHost: a\r\n\r\n", method: "CONNECT", target: "[::1]:443"),
        Sample(input: "OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n", method: "OPTIONS", target: "*"),
        Sample(
            input: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 005\r\n\r\n1\r\n\r\n",
            method: "POST",
            body: "1\r\n\r\n"
        ),
        Sample(input: "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", method: "PUT"),
        Sample(
            input: "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "3\r\nabc\r\n00A;x=\"y\"\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n",
            method: "POST",
            body: "abc0123456789"
        ),
        Sample(input: "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", method: "POST"),
    ]

    @Test("a request is parsed the same however its bytes are split", arguments: samples)
    func wellFormed(sample: Sample) throws {
        let bytes = Array(sample.input.utf8)
        for split in 0...bytes.count {
            // A second request follows immediately.
            let input = bytes + bytes
            try check(sample, pieces: [input[..<split], input[split..<bytes.count], input[bytes.count...]])
        }
        try check(sample, pieces: (bytes + bytes).map { [$0] })
    }

    private func check(_ sample: Sample, pieces: [ArraySlice<UInt8>]) throws {
        var parser = RequestParser(maximumBody: 64)
        var requests: [Request] = []
        #expect(parser.isIdle)
        for piece in pieces {
            parser.append(piece)
            while let request = try parser.next() { requests.append(request) }
        }
        #expect(parser.isIdle)
        #expect(requests.count == 2)
        for request in requests {
            #expect(request.method == sample.method)
            #expect(request.target == sample.target)
            #expect(request.body == Array(sample.body.utf8))
            #expect(request.keepsAlive == sample.keepsAlive)
        }
    }

    @Test("headers keep their order, with names in lower case and values without surrounding white space")
    func headers() throws {
        var parser = RequestParser(maximumBody: 0)
        parser.append("GET / HTTP/1.1\r\nHost: x\r\nX-B:\t b, c \r\nX-A:\r\nx-b: ü\r\n\r\n".utf8)
        let request = try #require(try parser.next())
        #expect(request.headers.map(\.name) == ["host", "x-b", "x-a", "x-b"])
        #expect(request.headers.map(\.value) == ["x", "b, c", "", "ü"])
        #expect(request.values(of: "x-b") == ["b, c", "ü"])
    }

    @Test(
        "a malformed or ambiguous request is refused",
        arguments: [
            // Request lines
            ("\u{16}\u{3}\u{1}\r\n", 400), ("GET /\r\n", 400), ("GET  / HTTP/1.1\r\n", 400),
            ("GET / HTTP/1.1 \r\n", 400),
            (" GET / HTTP/1.1\r\n", 400), ("G(T / HTTP/1.1\r\n", 400), ("GET /ü HTTP/1.1\r\n", 400),
            ("GET / http/1.1\r\n", 400), ("GET / HTTP/1.10\r\n", 400), ("GET / HTTP/x.1\r\n", 400),
            ("GET / HTTP/2.0\r\n", 505), ("PRI * HTTP/2.0\r\n", 505), ("GET / HTTP/1.1\n", 400), ("\n", 400),
            ("GET /\rHTTP/1.1 HTTP/1.1\r\n", 400), ("GET /\0 HTTP/1.1\r\n", 400),
            // Headers
            ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost\r\n", 400), ("GET / HTTP/1.1\r\nHost : a\r\n", 400),
            ("GET / HTTP/1.1\r\n: a\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\n b\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\nb: c\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\0\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n", 417),
        ]
    )
    func malformed(input: String, status: Int) {
        #expect(failure(input)?.status == status)
    }

    @Test(
        "headers without one unambiguous length of the body are refused",
        arguments: [
            ("Content-Length: 5\r\nContent-Length: 5\r\n", 400), ("Content-Length: 5\r\nContent-Length: 6\r\n", 400),
            ("Content-Length: 5, 5\r\n", 400), ("Content-Length: -1\r\n", 400), ("Content-Length: +5\r\n", 400),
            ("Content-Length: 0x5\r\n", 400), ("Content-Length:\r\n", 400), ("Content-Length: 5 5\r\n", 400),
            ("Content-Length: 65\r\n", 413), ("Content-Length: 99999999999999999999\r\n", 413),
            ("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400),
            ("Transfer-Encoding: gzip, chunked\r\n", 501), ("Transfer-Encoding: identity\r\n", 501),
            ("Transfer-Encoding:\r\n", 501), ("Transfer-Encoding: \u{b}chunked\r\n", 400),
        ]
    )
    func ambiguous(headers: String, status: Int) {
        #expect(failure("POST / HTTP/1.1\r\nHost: x\r\n\(headers)\r\n")?.status == status)
    }

    @Test("Transfer-Encoding in HTTP/1.0 is refused")
    func oldChunks() {
        #expect(failure("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n")?.status == 400)
    }

    @Test(
        "malformed chunks are refused",
        arguments: [
            ("\r\n", 400), ("x\r\n", 400), ("-1\r\n", 400), ("+1\r\n", 400), (" 1\r\n", 400), ("0x1\r\n", 400),
            (";a\r\n", 400),
            ("1\n", 400), ("1\r\nab\r\n", 400), ("1\r\na\n", 400), ("2\r\na\r\n\r\n", 400),
            ("0\r\nnot a trailer\r\n", 400),
            ("41\r\n", 413), ("fffffffffffffff\r\n", 413), ("ffffffffffffffff\r\n", 400),
            ("10000000000000000\r\n", 400),
            ("20\r\n" + String(repeating: "a", count: 32) + "\r\n21\r\n", 413),
            ("1;" + String(repeating: "a", count: RequestParser.maximumChunkLine), 400),
            ("0\r\nA: " + String(repeating: "a", count: RequestParser.maximumHead), 431),
        ]
    )
    func malformedChunks(chunks: String, status: Int) {
        #expect(failure("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)")?.status == status)
    }

    @Test("the size and the number of headers are limited")
    func bounds() {
        let maximum = RequestParser.maximumHead
        for endless in ["a", "\r\n", "GET / HTTP/1.1\r\nA: b", "GET / HTTP/1.1\r\nHost: x\r\n"] {
            let unit = endless == "\r\n" ? "\r\n" : "a"
            #expect(failure(endless + String(repeating: unit, count: maximum + 1))?.status == 431)
        }
        let start = "GET / HTTP/1.1\r\nHost: x\r\n"
        let headers = { (count: Int) in start + String(repeating: "a: b\r\n", count: count) + "\r\n" }
        #expect(failure(headers(RequestParser.maximumHeaders - 1)) == nil)
        #expect(failure(headers(RequestParser.maximumHeaders))?.status == 431)
        let filler = { (count: Int) in
            "\(start)a: \(String(repeating: "b", count: count - start.utf8.count - 7))\r\n\r\n"
        }
        #expect(filler(maximum).utf8.count == maximum)
        #expect(failure(filler(maximum)) == nil)
        #expect(failure(filler(maximum + 1))?.status == 431)
    }

    @Test("an expectation is reported once, and only before the body")
    func expectation() throws {
        let head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\n"
        for (input, isExpected) in [
            (head + "Content-Length: 1\r\n\r\n", true), (head + "Transfer-Encoding: chunked\r\n\r\n", true),
            (head + "Content-Length: 2\r\n\r\na", false), (head + "Content-Length: 1\r\n", false),
            ("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", false),
        ] {
            var parser = RequestParser(maximumBody: 64)
            parser.append(input.utf8)
            #expect(try parser.next() == nil)
            let answers = [parser.takeExpectation(), parser.takeExpectation()]
            #expect(answers == [isExpected, false])
        }
        var parser = RequestParser(maximumBody: 64)
        parser.append((head + "\r\n").utf8)
        #expect(try parser.next() != nil)
        let isExpected = parser.takeExpectation()
        #expect(!isExpected)
    }

    @Test("a long line in single bytes and a body in many chunks are parsed in linear time")
    func proportionalTime() throws {
        var parser = RequestParser(maximumBody: 1 << 20)
        let line = "GET /" + String(repeating: "a", count: RequestParser.maximumHead - 100)
        for byte in line.utf8 {
            parser.append([byte])
            #expect(try parser.next() == nil)
        }
        parser = RequestParser(maximumBody: 1 << 20)
        let chunks = String(repeating: "1\r\na\r\n", count: 1 << 18)
        parser.append("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)0\r\n\r\n".utf8)
        #expect(try parser.next()?.body.count == 1 << 18)
    }

    /// Parses input to its end, whole and byte by byte, and returns the error.
    private func failure(_ input: String) -> RequestError? {
        let bytes = Array(input.utf8)
        let failures = [[bytes], bytes.map { [$0] }].map { pieces -> RequestError? in
            var parser = RequestParser(maximumBody: 64)
            do throws(RequestError) {
                for piece in pieces {
                    parser.append(piece)
                    while try parser.next() != nil {}
                }
                return nil
            } catch {
                return error
            }
        }
        #expect(failures[0] == failures[1])
        return failures[0]
    }
}
