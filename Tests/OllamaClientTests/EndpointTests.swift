import OllamaClient
import Testing

@Suite("The address of a server")
struct EndpointTests {
    @Test(
        "a setting is read as Ollama reads it",
        arguments: [
            ("", "http://127.0.0.1:11434"),
            ("1.2.3.4", "http://1.2.3.4:11434"),
            (":1234", "http://127.0.0.1:1234"),
            ("example.com", "http://example.com:11434"),
            ("example.com:1234", "http://example.com:1234"),
            (":0", "http://127.0.0.1:0"),
            ("[::1]", "http://[::1]:11434"),
            ("::1", "http://[::1]:11434"),
            ("[::1]:1337", "http://[::1]:1337"),
            ("fe80::1", "http://[fe80::1]:11434"),
            (" 1.2.3.4 ", "http://1.2.3.4:11434"),
            ("\"1.2.3.4\"", "http://1.2.3.4:11434"),
            ("'1.2.3.4'", "http://1.2.3.4:11434"),
            (" \"'1.2.3.4:5'\" ", "http://1.2.3.4:5"),
            ("http://1.2.3.4", "http://1.2.3.4:80"),
            ("https://1.2.3.4", "https://1.2.3.4:443"),
            ("http://1.2.3.4:4321", "http://1.2.3.4:4321"),
            ("https://1.2.3.4:4321", "https://1.2.3.4:4321"),
            ("HTTPS://example.com", "https://example.com:443"),
            ("https://example.com/ollama", "https://example.com:443/ollama"),
            ("https://example.com/a/b/", "https://example.com:443/a/b"),
            ("example.com:56/ollama", "http://example.com:56/ollama"),
            ("example.com/", "http://example.com:11434"),
            ("ollama.com", "https://ollama.com:443"),
            ("http://ollama.com", "http://ollama.com:80"),
            ("[::1]:1337/x", "http://[::1]:1337/x"),
        ]
    )
    func setting(_ setting: String, _ url: String) {
        let endpoint = OllamaEndpoint(environment: ["OLLAMA_HOST": setting])
        #expect(endpoint.url == url)
        #expect(endpoint.warning == nil)
    }

    @Test("the default endpoint is this machine")
    func defaultEndpoint() {
        #expect(OllamaEndpoint(environment: [:]).url == "http://127.0.0.1:11434")
    }

    @Test(
        "an invalid port is replaced by the default, with a warning",
        arguments: [
            (":66000", "http://127.0.0.1:11434"), (":-1", "http://127.0.0.1:11434"), ("a.b:port", "http://a.b:11434"),
            ("http://a.b:99999", "http://a.b:80"), ("https://a.b:x", "https://a.b:443"), ("a.b:", "http://a.b:11434"),
        ]
    )
    func invalidPort(_ setting: String, _ url: String) {
        let endpoint = OllamaEndpoint(parsing: setting)
        #expect(endpoint.url == url)
        #expect(endpoint.warning?.contains("port") == true)
    }

    @Test("a warning about a long setting is short")
    func warningLength() {
        let endpoint = OllamaEndpoint(parsing: "a.b:" + String(repeating: "9", count: 10_000))
        #expect((endpoint.warning ?? "").count < 200)
    }

    @Test(
        "an address for all interfaces is replaced by the loopback address",
        arguments: [
            ("0.0.0.0", "http://127.0.0.1:11434"), ("0.0.0.0:80", "http://127.0.0.1:80"),
            ("[::]", "http://[::1]:11434"), ("::", "http://[::1]:11434"), ("[::]:1", "http://[::1]:1"),
        ]
    )
    func allInterfaces(_ setting: String, _ url: String) {
        #expect(OllamaEndpoint(parsing: setting).url == url)
    }

    @Test(
        "only https and loopback endpoints are confidential",
        arguments: [
            ("", true), ("localhost", true), ("127.0.0.1", true), ("127.9.8.7:1", true), ("::1", true),
            ("0.0.0.0", true),
            ("https://example.com", true), ("ollama.com", true), ("example.com", false), ("192.168.0.1", false),
            ("http://ollama.com", false), ("127.0.0.1.example.com", false), ("localhost.example.com", false),
            ("127.0.0.256", false), ("[::2]", false), ("127.0.0.+1", false), ("127.0.0.08", false), ("127.1", false),
            ("localhost.", false), ("[::1%25lo]", false), ("%6cocalhost", false), ("localhost#@example.com", false),
            ("localhost?@example.com", false),
        ]
    )
    func confidentiality(_ setting: String, _ isConfidential: Bool) {
        #expect(OllamaEndpoint(parsing: setting).isConfidential == isConfidential)
    }

    @Test(
        "a setting with a path names a Unix socket",
        arguments: [
            ("unix:///run/ollama.sock", "/run/ollama.sock"), ("unix:/run/ollama.sock", "/run/ollama.sock"),
            (" \"unix:///tmp/a b.sock\" ", "/tmp/a b.sock"), ("unix:////run/x", "//run/x"),
        ]
    )
    func unixSocket(_ setting: String, _ path: String) {
        let endpoint = OllamaEndpoint(parsing: setting)
        #expect(endpoint.socketPath == path)
        #expect(endpoint.url == "unix://\(path)")
        #expect(endpoint.isLoopback && endpoint.isConfidential && endpoint.warning == nil)
        #expect(OllamaEndpoint(parsing: "http://127.0.0.1").socketPath == nil)
    }

    @Test("a relative path of a Unix socket is made absolute, with a warning")
    func relativeSocket() {
        let endpoint = OllamaEndpoint(parsing: "unix://run/ollama.sock")
        #expect(endpoint.socketPath == "/run/ollama.sock")
        #expect(endpoint.warning?.contains("slash") == true)
    }
}
