import OllamaClient
import Testing
import ToolHost
import ToolJSON

@testable import ToolAgent

@Suite("Restored conversations")
struct RestoredConversationTests {
    private static func user(_ text: String) -> ChatMessage { ChatMessage(role: .user, content: text) }
    private static func assistant(_ text: String, calls ids: [String?] = []) -> ChatMessage {
        ChatMessage(role: .assistant, content: text, toolCalls: ids.map { OllamaToolCall(id: $0, name: "add") })
    }
    private static func result(_ text: String, _ id: String?) -> ChatMessage {
        ChatMessage(role: .tool, content: text, toolName: "add", toolCallID: id)
    }
    private static let system = ChatMessage(role: .system, content: "Be brief.")

    /// A short form of messages: `s`, `u`, `a` or `t`, the content, and the ids.
    private static func form(_ messages: [ChatMessage]) -> [String] {
        messages.map { message in
            let ids = message.toolCalls.map { $0.id ?? "-" } + (message.toolCallID.map { [$0] } ?? [])
            return ([message.role.rawValue.prefix(1) + ":" + message.content] + ids).joined(separator: " ")
        }
    }

    @Test("messages of an agent are restored unchanged")
    func validMessages() throws {
        let messages = [
            Self.system, Self.user("1"), Self.assistant("", calls: ["a", "b"]), Self.result("x", "a"),
            Self.result("y", "b"), Self.assistant("done"), Self.user("2"), Self.assistant("ok"),
        ]
        let conversation = try Conversation(restoring: messages, system: nil)
        #expect(conversation.messages == messages)
        #expect(conversation.size == messages.reduce(0) { $0 + $1.footprint })
        #expect(try Conversation(restoring: [], system: nil).messages.isEmpty)
    }

    @Test("the system prompt of the configuration replaces the stored one")
    func systemPrompt() throws {
        let messages = [Self.system, Self.user("1"), Self.assistant("2")]
        #expect(try Conversation(restoring: messages, system: "New.").messages.map(\.content) == ["New.", "1", "2"])
        #expect(try Conversation(restoring: [], system: "New.").messages.map(\.content) == ["New."])
        #expect(
            try Conversation(restoring: [Self.user("1")], system: "New.").messages.map(\.role) == [.system, .user]
        )
    }

    @Test("what is missing or out of order is mended", arguments: zip(damaged, mended))
    func mending(messages: [ChatMessage], expected: [String]) throws {
        let restored = try Conversation(restoring: messages, system: nil).messages
        #expect(Self.form(restored) == expected)
        for result in restored where result.role == .tool { #expect(result.toolName == "add") }
        // A second time there is nothing to mend.
        #expect(try Conversation(restoring: restored, system: nil).messages == restored)
    }

    private static let lost = Conversation.missingResult
    private static let damaged: [[ChatMessage]] = [
        [user("1"), assistant("", calls: ["a", "b"]), result("x", "b")],
        [user("1"), assistant("", calls: ["a"]), user("2")],
        [user("1"), assistant("", calls: ["a", "b"]), result("y", "b"), result("x", "a")],
        [user("1"), assistant("", calls: [nil, nil]), result("x", nil), result("y", "")],
        [user("1"), assistant("", calls: ["a", "a"]), result("x", "a"), result("y", "a")],
        [user("1"), assistant("", calls: ["a"]), result("x", "a"), assistant("", calls: ["a"]), result("y", "a")],
        [user("1"), user("2"), assistant("3")],
        [user("1"), assistant("", calls: ["a"]), result("x", "a"), user("2")],
    ]
    private static let mended = [
        ["u:1", "a: a b", "t:\(lost) a", "t:x b"],
        ["u:1", "a: a", "t:\(lost) a", "a:\(Conversation.interruption)", "u:2"],
        ["u:1", "a: a b", "t:x a", "t:y b"],
        ["u:1", "a: call_1 call_2", "t:x call_1", "t:y call_2"],
        ["u:1", "a: a call_1", "t:x a", "t:y call_1"],
        ["u:1", "a: a", "t:x a", "a: call_1", "t:y call_1"],
        ["u:1\n\n2", "a:3"],
        ["u:1", "a: a", "t:x a", "a:\(Conversation.interruption)", "u:2"],
    ]

    @Test("a message at a place where it cannot be is refused", arguments: zip(invalid, places))
    func refused(messages: [ChatMessage], place: Int) throws {
        let error = #expect(throws: AgentError.self) {
            try Agent(model: "m", client: ScriptedModel([]), host: ToolHost(), messages: messages)
        }
        #expect(error?.code == .invalidConversation && error?.remedy == .startNewConversation)
        #expect(error?.message.contains("message \(place) ") == true, "\(error?.message ?? "")")
    }

    private static let invalid: [[ChatMessage]] = [
        [result("x", "a")],
        [user("1"), result("x", "a")],
        [user("1"), assistant("2"), result("x", "a")],
        [user("1"), assistant("", calls: ["a"]), result("x", "a"), result("x", "a")],
        [user("1"), assistant("", calls: ["a"]), result("x", "b")],
        [user("1"), system],
        [system, system],
    ]
    private static let places = [1, 2, 3, 3, 3, 2, 2]

    @Test("an agent continues stored messages, and its calls get new ids")
    func continuedAgent() async throws {
        let model = ScriptedModel([
            .lines(Chunk.calls(Chunk.call("add", id: "a")), Chunk.done()), .lines(Chunk.content("Sum."), Chunk.done()),
        ])
        var configuration = AgentConfiguration()
        configuration.learnsContextSize = false
        let agent = try Agent(
            model: "m",
            client: model,
            host: ToolHost(),
            messages: [Self.user("1"), Self.assistant("", calls: ["a"]), Self.result("x", "a"), Self.assistant("2")],
            configuration: configuration
        )
        #expect(try await agent.respond(to: "3").outcome.text == "Sum.")
        #expect(
            Self.form(Array(agent.messages.prefix(6)))
                == ["u:1", "a: a", "t:x a", "a:2", "u:3", "a: call_1"]
        )
        #expect(model.requests.first?.messages.count == 5)
    }
}
