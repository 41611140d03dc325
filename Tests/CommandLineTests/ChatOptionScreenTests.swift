import TestSupport
import Testing
import ToolJSON

@Suite("The options, statistics and thinking of a chat", .timeLimit(.minutes(10)))
struct ChatOptionScreenTests {
    private static let reply = ScriptedServer.Reply.lines(
        #"{"message":{"role":"assistant","thinking":"Let me see."},"done":false}"#,
        #"{"message":{"role":"assistant","content":"The answer"},"done":true,"done_reason":"stop","#
            + #""load_duration":2100000000,"prompt_eval_count":1200,"prompt_eval_duration":600000000,"#
            + #""eval_count":50,"eval_duration":1000000000}"#
    )

    private static let statistics =
        "prompt 1,200 tokens (2,000/s), answer 50 tokens (50/s), loading 2.1 s, context 30 % of 4,096"

    @Test("/option sets, shows and removes an option of the model, and /new begins a conversation")
    func options() throws {
        let chat = try ScriptedChat((0..<3).map { ScriptedChat.text("answer \($0)") })
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("/option temperature=0.5")
        try terminal.enter("/option stop=END")
        try terminal.enter("/option temperatur=1")
        try terminal.wait(for: "Did you mean")
        try terminal.enter("/option temperatur=")
        try terminal.enter("/option")
        try terminal.wait(for: "  stop = \"END\"")
        try terminal.enter("one")
        try terminal.wait(for: "answer 0")
        try terminal.enter("/option stop=")
        try terminal.enter("/option seed")
        try terminal.wait(for: "expected key=value")
        try terminal.enter("two")
        try terminal.wait(for: "answer 1")
        try terminal.enter("/new")
        try terminal.enter("three")
        try terminal.wait(for: "answer 2")
        #expect(try terminal.leave() == 0)
        let requests = chat.server.requests.filter { $0.path == "/api/chat" }
        #expect(
            try requests.map { try $0.json["options"] } == [
                ["num_ctx": 4096, "temperature": 0.5, "stop": "END"], ["num_ctx": 4096, "temperature": 0.5],
                ["num_ctx": 4096, "temperature": 0.5],
            ]
        )
        #expect(chat.conversations.map(\.count) == [1, 3, 1])
    }

    @Test("/stats shows tokens and times after each answer")
    func statistics() throws {
        let chat = try ScriptedChat([Self.reply, Self.reply])
        let terminal = try ChatTerminal(chat.command, columns: 120)
        try terminal.enter("/stats on")
        try terminal.enter("one")
        try terminal.wait(for: Self.statistics)
        try terminal.enter("/stats off")
        try terminal.enter("two")
        try terminal.wait("second answer") { $0.allRows.count { $0 == "  The answer" } == 2 }
        let screen = try terminal.waitForPrompt()
        #expect(screen.allRows.count { $0.contains("prompt 1,200 tokens") } == 1, "\(screen.allRows)")
        #expect(try terminal.leave() == 0)
    }

    @Test("/context shows the tokens of tools and messages, before and after an answer")
    func context() throws {
        let chat = try ScriptedChat([Self.reply])
        let terminal = try ChatTerminal(chat.command, columns: 120)
        try terminal.enter("/context")
        try terminal.wait(for: "of the 4,096 tokens of the context window are used")
        try terminal.enter("one")
        try terminal.wait(for: "The answer")
        try terminal.enter("/context")
        try terminal.wait(for: "About 1,250 of the 4,096 tokens of the context window are used (30 %): tools ")
        #expect(try terminal.leave() == 0)
    }

    @Test("--hide-thinking folds thinking on a terminal, and /think show unfolds it")
    func thinking() throws {
        let chat = try ScriptedChat([Self.reply], "--hide-thinking")
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("one")
        let screen = try terminal.wait(for: "The answer")
        #expect(screen.contains("thinking…") && !screen.contains("Let me see."), "\(screen.allRows)")
        try terminal.enter("/think show")
        try terminal.wait(for: "Let me see.")
        #expect(try terminal.leave() == 0)
    }

    @Test("a single prompt has statistics on standard error, and hides thinking")
    func single() throws {
        let plain = try ScriptedChat([Self.reply], "Hi").run()
        #expect(plain.status == 0 && plain.errors.contains("Let me see."), "\(plain)")
        let result = try ScriptedChat([Self.reply], "--hide-thinking", "--stats", "Hi").run()
        #expect(result.status == 0 && result.output == "The answer\n", "\(result)")
        #expect(!result.errors.contains("Let me see.") && result.errors.contains(Self.statistics), "\(result)")
        for option in ["--stats", "--hide-thinking"] {
            #expect(try ScriptedChat([], "--json", option, "Hi").run().status == 64)
        }
    }
}
