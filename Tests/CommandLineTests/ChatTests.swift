import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("The verb chat", .timeLimit(.minutes(10)))
struct ChatTests {
    /// Returns a chat with a scripted server; `--num-ctx` avoids the requests for the size of the window.
    private func chat(_ server: ScriptedServer, _ arguments: String..., input: String = "") throws -> Command {
        var command = try Command(plugins: Fixture.plugins, input: input)
        command.arguments = ["chat", "-m", "qwen3", "--num-ctx", "4096"] + arguments + command.arguments
        command.environment["OLLAMA_HOST"] = server.address
        return command
    }

    private static let hello = #"{"message":{"role":"assistant","content":"Hello"},"done":true,"done_reason":"stop"}"#

    private static func calls(_ calls: String...) -> String {
        #"{"message":{"role":"assistant","content":"","tool_calls":[\#(calls.joined(separator: ","))]},"done":true}"#
    }

    private static let london =
        #"{"id":"a","function":{"name":"get_temperature","arguments":{"city":"London"}}}"#

    @Test("chat sends the prompt and all options to the server")
    func request() throws {
        let server = try ScriptedServer([.json(Self.hello)])
        let directory = try FixtureDirectory()
        let image = try directory.file("dot.png", [1, 2, 3])
        let result = try chat(
            server,
            "--no-stream",
            "--think",
            "high",
            "--tools",
            "get_temp*",
            "--system",
            "Be brief.",
            "--image",
            image,
            "--option",
            "temperature=0.5",
            "--option",
            "stop=END",
            "Hello?"
        ).run()
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == "Hello\n")
        #expect(server.requests.map(\.path) == ["/api/chat"])
        let request = try #require(server.requests.first).json
        #expect(request["model"] == "qwen3" && request["stream"] == false && request["think"] == "high")
        #expect(request["options"] == ["temperature": 0.5, "stop": "END", "num_ctx": 4096])
        #expect(
            request["messages"] == [
                ["role": "system", "content": "Be brief."],
                ["role": "user", "content": "Hello?", "images": ["AQID"]],
            ]
        )
        #expect(request["tools"]?.array?.map { $0[pointer: "/function/name"] } == ["get_temperature", "read_result"])
    }

    @Test("chat runs calls, sends the results and streams the answer")
    func calls() throws {
        let server = try ScriptedServer([
            .lines(
                #"{"message":{"role":"assistant","thinking":"Let me"},"done":false}"#,
                #"{"message":{"role":"assistant","thinking":" see."},"done":false}"#,
                Self.calls(Self.london)
            ),
            .lines(
                #"{"message":{"role":"assistant","content":"15"},"done":false}"#,
                #"{"message":{"role":"assistant","content":" degrees"},"done":false}"#,
                #"{"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}"#
            ),
        ])
        let result = try chat(server, "How warm is London?").run()
        #expect(result.status == 0)
        #expect(result.output == "15 degrees\n")
        #expect(result.errors.contains("Let me see.\n"))
        #expect(result.errors.contains(#"→ get_temperature(city: "London")"#))
        let answer = try Regex(#"✓ get_temperature\(city: "London"\) [0-9.]+ (µs|ms|s): 15C"#)
        #expect(result.errors.contains(answer), "\(result.errors)")
        let messages = try #require(server.requests.last).json["messages"]?.array ?? []
        #expect(messages.map { $0["role"] } == ["user", "assistant", "tool"])
        #expect(
            messages.last == ["role": "tool", "content": "15C", "tool_name": "get_temperature", "tool_call_id": "a"]
        )
    }

    @Test("chat uses the loaded model that can call tools, or lists the models that can")
    func modelChoice() throws {
        func chat(_ replies: ScriptedServer.Reply...) throws -> (Command.Result, ScriptedServer) {
            let server = try ScriptedServer(replies, details: nil)
            var command = try Command("chat", "--num-ctx", "4096", "Hi", plugins: Fixture.plugins)
            command.environment["OLLAMA_HOST"] = server.address
            return (try command.run(), server)
        }
        let (found, server) = try chat(
            .json(#"{"models":[{"name":"blind"},{"name":"able"}]}"#),
            .json(#"{"capabilities":["completion"]}"#),
            .json(#"{"capabilities":["completion","tools"]}"#),
            // The agent asks for the details of the chosen model, too.
            .json(#"{"capabilities":["completion","tools"]}"#),
            .lines(Self.hello)
        )
        #expect(found.output == "Hello\n")
        #expect(found.errors.contains("Model: able"))
        #expect(try server.requests[4].json["model"] == "able")

        let (listed, _) = try chat(
            .json(#"{"models":[]}"#),
            .json(#"{"models":[{"name":"able:8b"}]}"#),
            .json(#"{"capabilities":["tools"]}"#)
        )
        #expect(listed.status == 7)
        #expect(listed.errors.contains("-m MODEL") && listed.errors.contains("able:8b"), "\(listed.errors)")
    }

    @Test(
        "chat exits with 7 and the reason if the server or the model fails",
        arguments: [
            (.json(#"{"error":"model 'qwen3' not found"}"#, status: 404), "qwen3"),
            (
                .json(#"{"error":"unauthorized","signin_url":"https://ollama.com/in"}"#, status: 401),
                "https://ollama.com/in"
            ),
            (.json(#"{"error":"qwen3 does not support tools"}"#, status: 400), "tools"),
            (.json(#"{"error":"server busy"}"#, status: 503), "busy"),
            (.lines(#"{"message":{"content":"He"},"done":false}"#, #"{"error":"it is full"}"#), "it is full"),
            (.lines(#"{"message":{"content":"He"},"done":false}"#), "none of its calls were run"),
            (.lines(#"{"message":{"con"#), "The response (status 200) is not one of an Ollama server"),
            (
                .lines(#"{"message":{"content":"He"},"done":true,"done_reason":"length"}"#),
                "cut off at its length limit"
            ),
            (.lines(#"{"message":{"content":""},"done":true,"done_reason":"stop"}"#), "gave no answer"),
            (.redirect(to: "http://127.0.0.1:1/"), "127.0.0.1:1"),
        ] as [(ScriptedServer.Reply, String)]
    )
    func failures(reply: ScriptedServer.Reply, words: String) throws {
        // After some failures of the model the request is repeated.
        let server = try ScriptedServer([reply, reply, reply, reply])
        let result = try withExtendedLifetime(server) { try chat(server, "Hi").run() }
        #expect(result.status == 7)
        #expect(result.errors.contains(words), "\(result.errors)")
    }

    @Test("chat suggests the rehearsal if no server can be reached")
    func noServer() throws {
        let result = try Command("chat", "-m", "qwen3", "Hi", plugins: Fixture.plugins).run()
        #expect(result.status == 7)
        #expect(result.errors.contains("No Ollama server responds at http://127.0.0.1:1"))
        #expect(result.errors.contains("-m rehearsal"))
    }

    @Test("chat stops at --rounds with an answer from the results so far")
    func rounds() throws {
        let server = try ScriptedServer([.lines(Self.calls(Self.london)), .lines(Self.hello)])
        let result = try chat(server, "--rounds", "1", "Go on for ever").run()
        #expect(result.status == 0)
        #expect(result.output == "Hello\n")
        #expect(result.errors.contains("stopped calling after 1 round"))
        #expect(try server.requests.map { try $0.json["tools"] == nil } == [false, true])
    }

    @Test("chat exits with 130 on Ctrl-C and closes the request")
    func interrupted() async throws {
        let server = try ScriptedServer([.hanging(#"{"message":{"content":"Hel"},"done":false}"#)])
        let directory = try FixtureDirectory()
        let running = try chat(server, "Hi").start(in: directory) { actions in
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        }
        _ = await server.request(0)
        running.send(SIGINT)
        #expect(running.wait() == 130)
        #expect(await server.outcome(of: 0) == .clientClosed)
    }

    @Test("control sequences of a model are shown and not executed, even if they are split between pieces")
    func hostileModel() throws {
        let server = try ScriptedServer([
            .lines(
                #"{"message":{"thinking":"\u001b"},"done":false}"#,
                #"{"message":{"thinking":"[2J"},"done":false}"#,
                #"{"message":{"content":"\u001b"},"done":false}"#,
                #"{"message":{"content":"]0;x\u0007"},"done":false}"#,
                Self.calls(#"{"function":{"name":"\u001b[1mx","arguments":{"\u001b[5m":"\u202e"}}}"#)
            ),
            .json(#"{"error":"\u001b[31mgone"}"#, status: 400),
        ])
        var command = try chat(server, "Hi")
        // Such a terminal gets no control sequences of the program.
        command.environment["TERM"] = "dumb"
        let session = try withExtendedLifetime(server) { try PseudoTerminal.run(command) }
        #expect(session.status == 7)
        #expect(!session.text.unicodeScalars.contains { ["\u{1B}", "\u{7}", "\u{202E}"].contains($0) })
        for words in ["<U+001B>[2J", "<U+001B>]0;x<U+0007>", "<U+001B>[1mx", "<U+202E>", "<U+001B>[31mgone"] {
            #expect(session.text.contains(words), "\(session.text)")
        }
    }
}
