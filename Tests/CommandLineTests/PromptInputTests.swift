import Foundation
import TestSupport
import Testing
import ToolJSON

/// The use of standard input beside a prompt and instead of one.
@Suite("Standard input", .timeLimit(.minutes(10)))
struct PromptInputTests {
    private static let hello = #"{"message":{"role":"assistant","content":"Hello"},"done":true,"done_reason":"stop"}"#
    private static let waiting = "toolhost: waiting for standard input\n"
    private static let silent = "standard input is open but has sent nothing for a second"

    private func chat(_ server: ScriptedServer, _ arguments: String...) throws -> Command {
        var command = try Command(plugins: Fixture.plugins)
        command.arguments = ["chat", "-m", "m", "--num-ctx", "4096"] + arguments + command.arguments
        command.environment["OLLAMA_HOST"] = server.address
        return command
    }

    private func prompt(_ server: ScriptedServer) throws -> String? {
        try server.requests.last?.json["messages"]?.array?.last?["content"]?.string
    }

    @Test(
        "standard input is sent before the prompt",
        arguments: [
            (#"printf 'v1.2: adds bind\n' | "$@""#, "v1.2: adds bind\n\nSum up"),
            (#"printf 'no line break' | "$@""#, "no line break\n\nSum up"),
            (#"printf 'a\r\n' | "$@""#, "a\r\n\nSum up"),
            (#"printf '%s\n' é€ | "$@""#, "é€\n\nSum up"),
            ("\"$@\" <<E\nfrom a file\nE", "from a file\n\nSum up"),
            (#"printf ' \n\t\n' | "$@""#, "Sum up"), (#"printf '' | "$@""#, "Sum up"),
            (#""$@" </dev/null"#, "Sum up"), (#""$@" <&-"#, "Sum up"), (#""$@" 0>/dev/null"#, "Sum up"),
        ]
    )
    func besidePrompt(shell: String, sent: String) throws {
        let server = try ScriptedServer([.json(Self.hello)])
        var command = try chat(server, "Sum up")
        command.shell = shell
        let result = try command.run()
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        #expect(try prompt(server) == sent)
    }

    @Test("standard input replaces a missing prompt, or the prompt -", arguments: [[], ["-"]])
    func inPlaceOfPrompt(arguments: [String]) throws {
        let server = try ScriptedServer([.json(Self.hello)])
        var command = try chat(server)
        command.arguments += arguments
        command.input = "Sum up\n"
        #expect(try command.run().status == 0)
        #expect(try prompt(server) == "Sum up\n")
    }

    @Test("standard input can be the picture of a prompt")
    func picture() throws {
        let server = try ScriptedServer([.json(Self.hello)])
        var command = try chat(server, "--image", "-", "What is this?")
        command.shell = #"printf '\001\002\003' | "$@""#
        #expect(try command.run().status == 0)
        let message = try server.requests.last?.json["messages"]?.array?.last
        #expect(message?["content"] == "What is this?" && message?["images"] == ["AQID"])
    }

    @Test("a terminal is not read beside a prompt")
    func terminal() throws {
        let server = try ScriptedServer([.json(Self.hello)])
        let session = try withExtendedLifetime(server) { try PseudoTerminal.run(chat(server, "Sum up")) }
        #expect(session.status == 0 && !session.text.contains("standard input"), "\(session.text)")
        #expect(try prompt(server) == "Sum up")
    }

    @Test("silent standard input does not delay a prompt for long")
    func silentInput() throws {
        let server = try ScriptedServer([.json(Self.hello)])
        let result = try chat(server, "Sum up").run { _ in }
        #expect(result.status == 0 && result.output == "Hello\n", "\(result.errors)")
        #expect(result.errors.contains(Self.silent) && result.errors.contains("</dev/null"), "\(result.errors)")
        #expect(!result.errors.contains("did not read it"))
        #expect(try prompt(server) == "Sum up")
    }

    @Test("standard input whose data comes too late for a prompt is reported as unread")
    func lateInput() throws {
        let gate = ScriptedServer.Gate()
        var reply = ScriptedServer.Reply.json(Self.hello)
        reply.steps.insert(.wait(gate), at: 0)
        let server = try ScriptedServer([reply])
        let result = try chat(server, "Sum up").run { feed in
            try feed.read(Self.silent)
            feed.write("late")
            gate.open()
        }
        #expect(result.status == 0 && result.errors.contains("the model did not read it"), "\(result.errors)")
    }

    @Test("slow standard input is read to its end beside a prompt once it has sent data")
    func slowInput() throws {
        let server = try ScriptedServer([.json(Self.hello)])
        let result = try chat(server, "Sum up").run { feed in
            feed.write("slow ")
            try feed.read("waiting for the end of standard input")
            feed.write("input\n")
            feed.close()
        }
        #expect(result.status == 0, "\(result.errors)")
        #expect(try prompt(server) == "slow input\n\nSum up")
    }

    @Test(
        "a verb that needs standard input waits for it, with a message on standard error",
        arguments: [
            (["chat", "-m", "rehearsal"], "hello"), (["chat", "-m", "rehearsal", "-"], "hello"),
            (["chat", "-m", "rehearsal", "--image", "-", "hello"], "picture"),
            (["call", "typed", "-"], #"{"i":1}"#), (["call", "typed", "-", "--arg", "b:=true"], #"{"i":1}"#),
            (["dispatch"], #"{"tool_calls":[]}"#), (["dispatch", "-"], #"{"tool_calls":[]}"#),
        ]
    )
    func neededInput(verb: [String], input: String) throws {
        var command = try Command(plugins: Fixture.plugins)
        command.arguments = verb + command.arguments
        let result = try command.run { feed in
            try feed.read(Self.waiting)
            feed.write(input)
            feed.close()
        }
        #expect(result.status == 0, "\(result.errors)")
        if verb.contains("--arg") { #expect(result.output == #"{"i":1,"b":true}"# + "\n") }
    }

    @Test(
        "Ctrl-C ends the wait for standard input",
        arguments: [["chat", "-m", "rehearsal"], ["call", "typed", "-"], ["dispatch"]]
    )
    func interrupt(verb: [String]) throws {
        var command = try Command(plugins: Fixture.plugins)
        command.arguments = verb + command.arguments
        let result = try command.run { feed in
            try feed.read(Self.waiting)
            feed.interrupt()
        }
        #expect(result.status == 130)
    }

    @Test(
        "standard input that is not text is refused",
        arguments: [
            (#"printf '\211PNG\000' | "$@""#, 2, "byte 5 is zero"),
            (#"printf '\377\376' | "$@""#, 2, "not valid UTF-8"),
            (#"head -c 67108865 /dev/zero | tr '\000' a | "$@""#, 2, "longer than 67108864 bytes"),
            (#""$@" </usr"#, 74, "Is a directory"),
        ] as [(String, Int32, String)]
    )
    func noText(shell: String, status: Int32, words: String) throws {
        for arguments in [[], ["Sum up"]] {
            let server = try ScriptedServer([.json(Self.hello)])
            var command = try chat(server)
            command.arguments += arguments
            command.shell = shell
            let result = try command.run()
            #expect(result.status == status && result.errors.contains(words), "\(result.errors)")
            #expect(server.requests.isEmpty)
        }
        for verb in [["call", "typed", "-"], ["dispatch"]] {
            var command = try Command(plugins: Fixture.plugins)
            command.arguments = verb + command.arguments
            command.shell = shell
            let result = try command.run()
            #expect(result.status == status && result.output.isEmpty, "\(verb): \(result.errors)")
        }
    }

    @Test(
        "a prompt without text is refused, from standard input and as an argument",
        arguments: [
            ([""], "x"), ([" \n\t"], "x"), ([], ""), ([], " \n"), (["-"], ""), (["-", "--image", "-"], "x"),
        ]
    )
    func emptyPrompt(arguments: [String], input: String) throws {
        let server = try ScriptedServer([.json(Self.hello)])
        var command = try chat(server)
        command.arguments += arguments
        command.input = input
        let result = try command.run()
        #expect(result.status == 64 && result.errors.hasPrefix("toolhost: The prompt is empty"), "\(result.errors)")
        #expect(server.requests.isEmpty)
    }
}
