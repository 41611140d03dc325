import OllamaClient
import Testing
import ToolAgent
import ToolHost

/// A store in memory that can fail.
private actor MemoryStore: ConversationStore {
    struct Failure: Error {}

    private(set) var conversations: [[ChatMessage]] = []
    private(set) var writes: [Range<Int>] = []
    private var fails = false

    func fail(_ fails: Bool) { self.fails = fails }
    func truncate(_ id: Int) { conversations[id].removeLast() }

    func create(_ messages: [ChatMessage], model: String) throws -> Int {
        if fails { throw Failure() }
        conversations.append(messages)
        return conversations.count - 1
    }

    func replace(_ range: Range<Int>, of id: Int, with messages: [ChatMessage], model: String) throws -> Bool {
        if fails { throw Failure() }
        guard conversations[id].count == range.upperBound else { return false }
        conversations[id].replaceSubrange(range, with: messages)
        writes.append(range)
        return true
    }

    func messages(of id: Int) -> [ChatMessage] { conversations[id] }
}

@Suite("Recorded conversations", .timeLimit(.minutes(10)))
struct ConversationRecorderTests {
    private let store = MemoryStore()

    private func agent(_ replies: [ScriptedModel.Reply], _ messages: [ChatMessage] = []) throws -> Agent {
        var configuration = AgentConfiguration()
        configuration.learnsContextSize = false
        let model = ScriptedModel(replies)
        return try Agent(model: "m", client: model, host: ToolHost(), messages: messages, configuration: configuration)
    }

    private func answer(_ text: String) -> ScriptedModel.Reply { .lines(Chunk.content(text), Chunk.done()) }

    @Test("each response is appended once")
    func appending() async throws {
        let agent = try agent([answer("A"), answer("B")])
        var recorder = ConversationRecorder(store: store)
        #expect(try await !recorder.record(agent))
        #expect(recorder.conversation == nil)
        _ = try await agent.respond(to: "1").outcome
        try await recorder.record(agent)
        try await recorder.record(agent)
        _ = try await agent.respond(to: "2").outcome
        try await recorder.record(agent)
        #expect(recorder.conversation == 0)
        #expect(await store.conversations == [agent.messages])
        #expect(await store.writes == [2..<2])
    }

    @Test("an exchange that is taken back or repeated replaces the stored one")
    func undo() async throws {
        let agent = try agent([answer("A"), answer("B"), answer("C")])
        var recorder = ConversationRecorder(store: store)
        _ = try await agent.respond(to: "1").outcome
        _ = try await agent.respond(to: "2").outcome
        try await recorder.record(agent)
        let prompt = try #require(try agent.undo())
        _ = try await agent.respond(to: prompt).outcome
        try await recorder.record(agent)
        #expect(await store.conversations[0].map(\.content) == ["1", "A", "2", "C"])
        try agent.undo()
        try await recorder.record(agent)
        #expect(await store.conversations[0].map(\.content) == ["1", "A"])
    }

    @Test("a prompt without a reply is stored with the next one")
    func promptWithoutReply() async throws {
        let agent = try agent([.failing(OllamaError(.invalidRequest, message: "no")), answer("A")])
        var recorder = ConversationRecorder(store: store)
        await #expect(throws: OllamaError.self) { try await agent.respond(to: "1").outcome }
        try await recorder.record(agent)
        #expect(await store.conversations.isEmpty)
        _ = try await agent.respond(to: "2").outcome
        try await recorder.record(agent)
        #expect(await store.conversations == [agent.messages])
    }

    @Test("a conversation that another process changed is stored as a copy")
    func conflict() async throws {
        let agent = try agent([answer("A"), answer("B"), answer("C")])
        var recorder = ConversationRecorder(store: store)
        _ = try await agent.respond(to: "1").outcome
        try await recorder.record(agent)
        await store.truncate(0)
        _ = try await agent.respond(to: "2").outcome
        #expect(try await recorder.record(agent))
        #expect(recorder.conversation == 1)
        _ = try await agent.respond(to: "3").outcome
        #expect(try await !recorder.record(agent))
        #expect(await store.conversations.map(\.count) == [1, 6])
    }

    @Test("after a failure of the store, everything is stored with the next response")
    func failure() async throws {
        let agent = try agent([answer("A"), answer("B")])
        var recorder = ConversationRecorder(store: store)
        await store.fail(true)
        _ = try await agent.respond(to: "1").outcome
        do {
            try await recorder.record(agent)
            Issue.record("the store fails")
        } catch is MemoryStore.Failure {}
        await store.fail(false)
        _ = try await agent.respond(to: "2").outcome
        try await recorder.record(agent)
        #expect(await store.conversations == [agent.messages])
    }

    @Test("a continued conversation is appended to, and what was mended is stored")
    func continuing() async throws {
        let user = ChatMessage(role: .user, content: "1")
        let call = ChatMessage(role: .assistant, toolCalls: [OllamaToolCall(id: "a", name: "add")])
        let id = try await store.create([user, call], model: "m")
        let messages = await store.messages(of: id)
        let agent = try agent([answer("A")], messages)
        var recorder = ConversationRecorder(store: store, continuing: id, messages: messages)
        _ = try await agent.respond(to: "2").outcome
        try await recorder.record(agent)
        #expect(await store.conversations == [agent.messages])
        #expect(await store.writes == [2..<2])
    }
}
