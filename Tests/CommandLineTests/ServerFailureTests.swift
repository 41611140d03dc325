import TestSupport
import Testing
import ToolJSON

@Suite("A failure of the server", .timeLimit(.minutes(10)))
struct ServerFailureTests {
    private static let words =
        String(repeating: "Not this. ", count: 300) + "No template: \n---\nWhile executing\n ^\nError: the cause"

    /// The verbs and the forms of their output that show a failure, with the exit code.
    private static let places: [(arguments: [String], status: Int32)] = [
        (["chat", "-m", "m", "--num-ctx", "4096", "--no-default-plugins", "Hi"], 7),
        (["chat", "-m", "m", "--num-ctx", "4096", "--no-default-plugins", "--no-stream", "Hi"], 7),
        (["chat", "-m", "m", "--no-default-plugins", "Hi"], 7),
        (["chat", "--no-default-plugins", "Hi"], 7),
        (["models"], 7), (["models", "--json"], 7),
        (["doctor", "--no-default-plugins"], 0), (["doctor", "--no-default-plugins", "--json"], 0),
    ]

    private static let replies: [(reply: ScriptedServer.Reply, status: Int)] = [
        (.json(JSON.object(["error": .string(words)]).text(), status: 400), 400),
        (.json(JSON.object(["error": .string(words)]).text(), status: 500), 500),
        (.body("<html><title>the cause</title>", status: 502, type: "text/html"), 502),
        (.body("<html><title>the cause</title>", status: 413, type: "text/html"), 413),
        (.json(#"{"detail":"the cause"}"#, status: 401), 401), (.body("the cause", status: 405), 405),
    ]

    @Test("every verb shows the status and the cause of a failed request", arguments: places.indices, replies.indices)
    func verb(place: Int, reply: Int) throws {
        let (arguments, status) = Self.places[place]
        let expected = Self.replies[reply]
        // After some failures, the request is repeated.
        let server = try ScriptedServer(Array(repeating: expected.reply, count: 4))
        var command = Command()
        command.arguments = arguments
        command.environment["OLLAMA_HOST"] = "http://ann:secret@\(server.address)"
        let result = try withExtendedLifetime(server) { try command.run() }
        let shown = result.output + result.errors
        #expect(status == 0 || result.status == status)
        #expect(shown.contains("status \(expected.status)"), "\(shown)")
        #expect(shown.contains("the cause"), "\(shown)")
        #expect(!shown.contains("secret"), "\(shown)")
    }

    @Test("the warning about a repeated request has the whole error")
    func warning() throws {
        let text = "error parsing tool call: raw='" + String(repeating: "x", count: 300) + "' err=the cause"
        let fault = ScriptedServer.Reply.json(JSON.object(["error": .string(text)]).text(), status: 500)
        let answer = #"{"message":{"content":"Done."},"done":true,"done_reason":"stop"}"#
        let server = try ScriptedServer([fault, .lines(answer)])
        var command = Command("chat", "-m", "m", "--num-ctx", "4096", "--no-default-plugins", "Hi")
        command.environment["OLLAMA_HOST"] = server.address
        let result = try withExtendedLifetime(server) { try command.run() }
        #expect(result.status == 0 && result.output == "Done.\n")
        #expect(result.errors.contains("err=the cause. Retrying automatically (1 of 2)."), "\(result.errors)")
    }

    @Test("the error about a missing model has the command that downloads it")
    func unknownModel() throws {
        let missing = ScriptedServer.Reply.json(#"{"error":"model 'my model' not found"}"#, status: 404)
        let server = try ScriptedServer([missing, missing, missing])
        var command = Command("chat", "-m", "my model", "--no-default-plugins", "Hi")
        command.environment["OLLAMA_HOST"] = server.address
        let result = try withExtendedLifetime(server) { try command.run() }
        #expect(result.status == 7)
        #expect(result.errors.contains("ollama pull 'my model'"), "\(result.errors)")
    }

    @Test("dispatch shows the error in a recorded response")
    func dispatch() throws {
        let text = JSON.object(["error": .string(Self.words), "StatusCode": 429]).text()
        let result = try Command("dispatch", "--no-default-plugins", input: text).run()
        #expect(result.status == 7)
        #expect(result.errors.contains("status 429") && result.errors.contains("the cause"), "\(result.errors)")
    }

    @Test("the error about a model without tools has all names of that model")
    func unknownTool() throws {
        let call = #"{"id":"a","function":{"name":"get_temperatur","arguments":{}}}"#
        let server = try ScriptedServer([
            .lines(#"{"message":{"content":"","tool_calls":[\#(call)]},"done":true}"#),
            .lines(#"{"message":{"content":"Done."},"done":true,"done_reason":"stop"}"#),
        ])
        var command = try Command("chat", "-m", "m", "--num-ctx", "4096", "Hi", plugins: Fixture.plugins)
        command.environment["OLLAMA_HOST"] = server.address
        let result = try withExtendedLifetime(server) { try command.run() }
        let line = result.errors.split(separator: "\n").first { $0.contains("unknown_tool") }
        #expect(line.map { !$0.hasSuffix("…") && $0.hasSuffix(".") } == true, "\(result.errors)")
    }
}
