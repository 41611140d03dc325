import Foundation
import OllamaClient
import TestSupport
import Testing

@Suite("A user name and a password in OLLAMA_HOST", .timeLimit(.minutes(10)))
struct CredentialsTests {
    private static let done = ScriptedServer.Reply.lines(#"{"message":{"content":""},"done":true}"#)

    private static func basic(_ pair: String) -> String { "Basic " + Data(pair.utf8).base64EncodedString() }

    @Test(
        "a user name and a password are sent with each request as Basic authentication",
        arguments: [
            ("http://bert:secret@HOST", "bert:secret"), ("bert:secret@HOST", "bert:secret"), ("bert@HOST", "bert:"),
            (":secret@HOST", ":secret"), ("bert:a:b@HOST", "bert:a:b"), ("bert:a@b@HOST", "bert:a@b"),
            ("http://a%40b:%2F%3a%25%23@HOST/", "a@b:/:%#"), ("bert:100%@HOST", "bert:100%"),
            ("bert:%zz%4@HOST", "bert:%zz%4"),
            ("bert:%3F%23%5c@HOST", "bert:?#\\"), ("gr%C3%BC%C3%9Fe:é@HOST", "grüße:é"),
            (" 'http://bert:s e@HOST' ", "bert:s e"),
        ]
    )
    func sent(setting: String, pair: String) async throws {
        let server = try ScriptedServer([Self.done, .json(#"{"models":[]}"#)])
        defer { server.stop() }
        let setting = setting.replacing("HOST", with: server.address)
        let client = OllamaClient(environment: ["OLLAMA_HOST": setting, "OLLAMA_API_KEY": "key"])
        #expect(try await client.answer().error == nil)
        #expect(try await client.models().isEmpty)
        #expect(server.requests.map { $0.header("authorization") } == [Self.basic(pair), Self.basic(pair)])
        // The key would need the same header.
        #expect(client.endpoint.warning?.contains("instead of OLLAMA_API_KEY") == true)
        #expect(client.endpoint.url == "http://\(server.address)")
    }

    @Test("an empty user name is not sent", arguments: ["http://@HOST", "@HOST"])
    func empty(setting: String) async throws {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        let client = OllamaClient(environment: ["OLLAMA_HOST": setting.replacing("HOST", with: server.address)])
        #expect(try await client.answer().error == nil)
        #expect(server.requests.map { $0.header("authorization") } == [nil])
        #expect(client.endpoint.warning == nil)
    }

    @Test("a user name and a password are not sent to the target of a redirect")
    func redirected() async throws {
        let other = try ScriptedServer([Self.done])
        let server = try ScriptedServer([.redirect(to: "http://\(other.address)/api/chat")])
        defer { server.stop() }
        let client = OllamaClient(environment: ["OLLAMA_HOST": "http://bert:secret@\(server.address)"])
        #expect(try await client.answer().error?.code == .redirected)
        #expect(other.requests.isEmpty)
    }

    @Test(
        "an ambiguous or malformed setting with credentials is refused without quoting it",
        arguments: [
            "http://bert:sec%0Aret@HOST", "http://bert:sec%00ret@HOST", "bert:sec\u{7F}ret@HOST",
            "http://bert:sec\nret@HOST",
            "http://an%3An:secret@HOST", "http://bert:sec/ret@HOST", "bert:secret/@HOST", "http://bert:80/secret@HOST",
            "unix://bert:secret@/run/x", "bert:secret://x@HOST", "bert:sec/ret@\u{301}HOST",
            // The scheme.
            "htps://bert:secret@HOST", "secret://bert:secret@HOST", "://bert:secret@HOST", "http:bert:secret@HOST",
            "HTTPS:bert:secret@HOST", "unix:bert:secret@HOST", "http:/bert:secret@HOST", "http//bert:secret@HOST",
            // Characters that end the host for some parsers only.
            "bert:p?secret@HOST", "bert:p#secret@HOST", "bert:p\\secret@HOST", "http://bert:secret@HOST?x",
            "http://bert:secret@HOST#x", "http://bert:secret@HOST\\x", "http://bert:secret@HOST/a?x",
            "http://example.com?@HOST", "http://HOST\\@evil.invalid", "http://bert:secret@HOST/a@b",
            // The at sign.
            "http://bert:secret%40HOST", "bert:secret\u{FF20}HOST", "http://bert:secret\u{FE6B}HOST",
            "http://HOST/bert:secret\u{FF20}x",
            // The host and the port.
            "bert:secret@\u{301}HOST", "bert:secret@ HOST", "bert:secret@[HOST]", "bert:secret@[::1]HOST",
            "bert:secret@HOST:secret", "bert:secret@127.0.0.1:port", "bert:secret@127.0.0.1:99999",
            "bert:secret@127.0.0.1:1:2",
            "bert:secret@127.0.0.1:", "bert:secret@127.0.0.1 :1", "bert:secret@127.0.0.1%20:1",
        ]
    )
    func refused(setting: String) async throws {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        let client = OllamaClient(environment: ["OLLAMA_HOST": setting.replacing("HOST", with: server.address)])
        let error = try #require(try await client.answer().error)
        #expect(error.code == .invalidRequest && error.message.hasPrefix("OLLAMA_HOST is refused. "))
        #expect(error.remedy == .setHostVariable)
        await #expect(throws: OllamaError.self) { try await client.version() }
        #expect(server.requests.isEmpty)
        try Self.expectNothing(of: client.endpoint, error.message)
    }

    @Test(
        "a user name and a password are never shown, even if the setting is malformed",
        arguments: [
            "http://bert:secret@127.0.0.1:1", "bert:secret@127.0.0.1:1", "bert:secret@127.0.0.1:port",
            "secret://bert:secret@127.0.0.1:1", "bert:secret@127.0.0.1:1:2", "bert:secret@[::1]:1", "bert:secret@",
            "http://bert:secret@", "http://bert:secret@127.0.0.1:1/secret@x", "http://bert:secret@127.0.0.1:99999",
            "bert:secret@\u{301}127.0.0.1:1", "bert:secret@127.0.0.1 :1", "http:bert:secret@127.0.0.1:1",
            "http//bert:secret@127.0.0.1:1", "https://bert:secret@127.0.0.1:1", "//bert:secret@127.0.0.1:1",
            "unix:bert:secret@127.0.0.1:1",
        ]
    )
    func hidden(setting: String) async throws {
        let client = OllamaClient(environment: ["OLLAMA_HOST": setting, "OLLAMA_API_KEY": "key"])
        // Other addresses have no server.
        guard !client.endpoint.url.hasSuffix(":11434"), !client.endpoint.url.hasSuffix(":80") else {
            return try Self.expectNothing(of: client.endpoint, "")
        }
        let error = try #require(try await client.answer().error)
        try Self.expectNothing(of: client.endpoint, error.message)
    }

    private static func expectNothing(of endpoint: OllamaEndpoint, _ message: String) throws {
        var dumped = ""
        dump(endpoint, to: &dumped)
        let encoded = basic("bert:secret").dropFirst(6)
        for shown in [endpoint.url, endpoint.host, endpoint.warning ?? "", "\(endpoint)", dumped, message] {
            #expect(!shown.contains("secret") && !shown.contains("bert") && !shown.contains(encoded), "\(shown)")
        }
    }

    @Test("credentials are withheld over plain HTTP to another machine, with a warning", arguments: [nil, "key"])
    func plain(key: String?) async throws {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        // The resolver reads this host as 127.0.0.1. The client does not, because it must not guess.
        let host = "http://bert:secret@127.1:\(server.port)"
        let client = OllamaClient(environment: ["OLLAMA_HOST": host, "OLLAMA_API_KEY": key ?? ""])
        #expect(try await client.answer().error == nil)
        #expect(server.requests.map { $0.header("authorization") } == [nil])
        #expect(client.endpoint.warning?.contains("are not sent, since the address is plain http") == true)
        #expect(OllamaEndpoint(parsing: "https://bert:secret@model.invalid").warning == nil)
        #expect(OllamaEndpoint(parsing: "http://bert:secret@127.0.0.1").warning == nil)
    }

    @Test(
        "a user name and a password are not read as the host",
        arguments: [
            ("http://user:secret@example.com", "http://example.com:80"),
            ("http://localhost:secret@example.com:1/x", "http://example.com:1/x"),
            ("https://a@b@example.com", "https://example.com:443"), ("http://user@[::2]:1", "http://[::2]:1"),
            ("user:secret@ollama.com", "https://ollama.com:443"), ("user:secret@::1", "http://[::1]:11434"),
        ]
    )
    func host(setting: String, url: String) {
        let endpoint = OllamaEndpoint(parsing: setting)
        #expect(endpoint.url == url)
        #expect(endpoint.isConfidential == (url.hasPrefix("https") || url.contains("[::1]")))
    }
}
