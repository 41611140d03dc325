import TestSupport
import ToolJSON

/// A command `chat` whose model server replies from a script.
struct ScriptedChat {
    let server: ScriptedServer
    var command: Command

    /// Creates a chat with the fixture plugins; `--num-ctx` avoids the requests for the size of the window.
    ///
    /// - Parameter details: The reply to each request for the details of a model.
    init(
        _ replies: [ScriptedServer.Reply],
        _ arguments: String...,
        input: String = "",
        details: ScriptedServer.Reply = .unknownRoute
    ) throws {
        server = try ScriptedServer(replies, details: details)
        command = try Command(plugins: Fixture.plugins, input: input)
        command.arguments = ["chat", "-m", "qwen3", "--num-ctx", "4096"] + arguments + command.arguments
        command.environment["OLLAMA_HOST"] = server.address
    }

    func run() throws -> Command.Result { try command.run() }

    /// Returns a reply with text.
    static func text(_ text: String, reason: String = "stop") -> ScriptedServer.Reply {
        .lines(
            #"{"message":{"role":"assistant","content":\#(JSON.string(text).text())},"done":true,"#
                + #""done_reason":"\#(reason)","prompt_eval_count":20,"eval_count":5}"#
        )
    }

    /// Returns a reply with calls, each as the JSON text of its function.
    static func calls(_ functions: String...) -> ScriptedServer.Reply {
        let calls = functions.enumerated().map { #"{"id":"call_\#($0)","function":\#($1)}"# }
        return .lines(
            #"{"message":{"role":"assistant","content":"","tool_calls":[\#(calls.joined(separator: ","))]},"#
                + #""done":true,"done_reason":"stop"}"#
        )
    }
}
