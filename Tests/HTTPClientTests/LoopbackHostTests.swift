import Testing

@testable import HTTPClient

@Suite("Addresses of this machine")
struct LoopbackHostTests {
    @Test(
        "a loopback address is recognised by its host alone",
        arguments: [
            ("http://localhost:1/x", true), ("http://LOCALHOST", true), ("http://127.0.0.1", true),
            ("http://127.9.8.7:11434/api", true), ("http://[::1]:1/", true), ("https://user:secret@localhost/", true),
            ("http://localhost@example.com/", false), ("http://example.com/localhost", false),
            ("http://example.com/?a@localhost", false), ("http://127.0.0.1.example.com", false),
            ("http://127.0.0.+1", false), ("http://127.0.0.08", false), ("http://localhost.", false),
            ("http://%6cocalhost", false), ("http://[::1%25lo]", false),
            ("http://localhost:@\u{301}example.com/", false),
            ("http://[::2]/", false), ("http://127.0.0.256", false), ("http://128.0.0.1", false), ("localhost", false),
            ("", false), ("http://", false),
        ]
    )
    func contains(url: String, isLoopback: Bool) {
        #expect(LoopbackHost.isIn(url) == isLoopback)
    }
}
