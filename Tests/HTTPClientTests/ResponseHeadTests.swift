import Testing

@testable import HTTPClient

@Suite("The head of a response")
struct ResponseHeadTests {
    private func head(_ lines: [String]) -> ResponseHead {
        var head = ResponseHead()
        for line in lines { _ = head.add(Array("\(line)\r\n".utf8)) }
        return head
    }

    @Test("the headers of a response keep their order and lose surrounding white space")
    func headers() {
        let head = head(["HTTP/1.1 200 OK", "A: 1", "a:  two \t", "Empty:", "not a header", ""])
        #expect(head.isComplete && head.status == 200)
        #expect(head.headers == [HTTPHeader("A", "1"), HTTPHeader("a", "two"), HTTPHeader("Empty", "")])
    }

    @Test(
        "the head of a response is complete at the blank line of a final response",
        arguments: [
            (["HTTP/1.1 200 OK"], false, 200), (["HTTP/1.1 200 OK", ""], true, 200),
            (["HTTP/1.1 100 Continue", ""], false, 100),
            (["HTTP/1.1 103 Hints", "Link: x", "", "HTTP/1.1 404 No", ""], true, 404),
            (["HTTP/1.1", ""], false, 0), (["HTTP/1.1 abc OK", ""], false, 0), ([""], false, 0),
            (["HTTP/1.1 99999999999999999999 Big", ""], false, 0),
        ] as [([String], Bool, Int)]
    )
    func completeness(lines: [String], isComplete: Bool, status: Int) {
        let head = head(lines)
        #expect(head.isComplete == isComplete)
        #expect(head.status == status)
    }

    @Test("the headers of an interim response and trailers are dropped")
    func interim() {
        let head = head(["HTTP/1.1 103 Hints", "Link: x", "", "HTTP/1.1 200 OK", "B: 2", "", "Trailer: 3"])
        #expect(head.headers == [HTTPHeader("B", "2")])
    }

    @Test("the head of a response has a size limit, also over interim responses")
    func limit() {
        var head = ResponseHead()
        let line = Array(("A: " + String(repeating: "x", count: 1000) + "\r\n").utf8)
        var accepted = 0
        while head.add(line), accepted < 10_000 { accepted += 1 }
        #expect(200..<300 ~= accepted)
    }
}
