import OllamaClient
import TestSupport
import Testing
import ToolJSON

@Suite("The status of a failure", .timeLimit(.minutes(10)))
struct StatusTests {
    /// Bodies, each with the part that is the cause.
    private static let bodies: [(text: String, type: String, cause: String)] = [
        (#"{"error":"the cause"}"#, "application/json", "the cause"),
        (#"{"error":{"message":"the cause","code":null}}"#, "application/json", "the cause"),
        (#"{"detail":"the cause"}"#, "application/json", "the cause"),
        (#"{"message":"the cause"}"#, "application/json", "the cause"),
        (#"{"title":"the cause","status":7}"#, "application/json", "the cause"),
        (#"{"ok":false,"why":"the cause"}"#, "application/json", "the cause"),
        (#""the cause""#, "application/json", "the cause"),
        ("the cause", "text/plain", "the cause"),
        ("the cause\r\nand more\n", "text/plain", "the cause and more"),
        ("<html>\r\n<head><title>the cause</title></head><body>x</body></html>", "text/html", "the cause (a web page"),
        ("<!DOCTYPE html><HTML><TITLE lang=en>\n the cause\n</TITLE>", "text/html", "the cause (a web page"),
        ("<html><body><h1>the cause</h1></body></html>", "text/html", "the cause"),
        ("", "text/plain", "gives no reason"), (" \n", "text/html", "gives no reason"),
        ("{}", "application/json", "{}"), ("null", "application/json", "null"),
    ]

    private static let statuses = [
        400, 401, 403, 404, 405, 407, 408, 411, 413, 418, 421, 429, 431, 451, 499, 500, 501, 502, 503, 504, 520, 530,
        999,
    ]

    /// The requests of the client, each of which can fail.
    private static let requests: [(name: String, send: @Sendable (OllamaClient) async throws -> Void)] = [
        ("a streamed chat", { for try await _ in $0.chat(.hello) {} }),
        (
            "a chat",
            {
                var request = ChatRequest.hello
                request.stream = false
                for try await _ in $0.chat(request) {}
            }
        ),
        ("show", { _ = try await $0.show(model: "m") }), ("models", { _ = try await $0.models() }),
        ("running", { _ = try await $0.running() }), ("version", { _ = try await $0.version() }),
        ("preload", { try await $0.preload("m") }),
    ]

    @Test(
        "the status and the cause of a failure are reported for every form of body",
        arguments: statuses,
        bodies.indices
    )
    func body(status: Int, index: Int) async throws {
        let body = Self.bodies[index]
        let error = try #require(try await answer(to: .body(body.text, status: status, type: body.type)).error)
        #expect(error.status == status)
        #expect(error.message.contains("status \(status)"), "\(error.message)")
        #expect(error.message.contains(body.cause), "\(error.message)")
    }

    @Test(
        "the status and the cause of a failure are reported for every request",
        arguments: requests.indices,
        [404, 405, 413, 418, 500, 502]
    )
    func request(index: Int, status: Int) async throws {
        let server = try ScriptedServer(
            [.body("<html><title>the cause</title>", status: status, type: "text/html")],
            details: nil
        )
        defer { server.stop() }
        let error = await #expect(throws: OllamaError.self) { try await Self.requests[index].send(server.client()) }
        #expect(error?.message.contains("status \(status): the cause") == true, "\(error?.message ?? "")")
    }

    @Test(
        "a successful response that is not Ollama's is reported with its status",
        arguments: requests.indices,
        [200, 202]
    )
    func success(index: Int, status: Int) async throws {
        for (text, cause) in [("<html><title>Log in</title>", "Log in (a web page"), ("", "it is empty")] {
            let server = try ScriptedServer([.body(text, status: status, type: "text/html")], details: nil)
            defer { server.stop() }
            let error = await #expect(throws: OllamaError.self) { try await Self.requests[index].send(server.client()) }
            // An empty stream has no line that could be invalid.
            if error?.code == .incompleteResponse { continue }
            #expect(error?.message.contains("status \(status)") == true, "\(error?.message ?? "")")
            #expect(error?.message.contains(cause) == true, "\(error?.message ?? "")")
        }
    }

    @Test("a status without a reason is reported with its name")
    func name() async throws {
        let error = try await answer(to: .body("", status: 405)).error
        #expect(
            error?.message.hasPrefix("The server responded with status 405 (Method Not Allowed) and gives no") == true
        )
    }

    @Test("a redirect is reported with its status, without a password in the address")
    func redirect() async throws {
        let reply = ScriptedServer.Reply.redirect(to: "https://ann:secret@model.invalid:1/a@b", status: 308)
        let error = try await answer(to: reply).error
        #expect(error?.message.contains("status 308") == true)
        #expect(error?.message.contains("https://model.invalid:1/a@b") == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("secret") == false)
    }
}
