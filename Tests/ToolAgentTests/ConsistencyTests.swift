import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

/// The conversation at any time of a response, and responses however the network divides them.
@Suite("The consistency of a conversation", .timeLimit(.minutes(10)))
struct ConsistencyTests {
    private static let call = Chunk.call("get_temperature", ["city": "London"], id: "a")

    /// Returns the first rule that messages break, or nil if they can be sent.
    private static func defect(in messages: [ChatMessage]) -> String? {
        var expected: ArraySlice<String?> = []
        var last: ChatMessage.Role?
        for message in messages {
            if message.role == .tool {
                guard let id = expected.popFirst() else { return "a result without a call" }
                if message.toolCallID != id { return "a result for another call" }
            } else {
                if !expected.isEmpty { return "a call without a result" }
                if message.role == .user, last == .user || last == .tool { return "a prompt without a reply before it" }
                expected = message.toolCalls.map(\.id)[...]
            }
            last = message.role
        }
        return expected.isEmpty ? nil : "a call without a result"
    }

    @Test("the messages can be sent at any time of a response")
    func messagesDuringResponses() async throws {
        let count = 100
        let scenario = try Scenario(
            (0..<count).flatMap { index -> [ScriptedModel.Reply] in
                [
                    .lines(
                        Chunk.calls(Chunk.call("get_temperature", ["city": "London"])),
                        Chunk.calls(Chunk.call("get_conditions", ["city": "Tokyo"], id: index % 3 == 0 ? "a" : nil)),
                        Chunk.done()
                    ),
                    .lines(Chunk.content("15C."), Chunk.done()),
                ]
            },
            tools: [CityTool.temperature, CityTool.conditions]
        )
        let agent = scenario.agent
        let observer = Task {
            var (defects, largest) = (Set<String>(), 0)
            while !Task.isCancelled {
                let messages = agent.messages
                if let defect = Self.defect(in: messages) { defects.insert(defect) }
                if messages.count < largest { defects.insert("fewer messages than before") }
                largest = max(largest, messages.count)
                await Task.yield()
            }
            return defects
        }
        for index in 0..<count {
            let outcome = try await agent.respond(to: "\(index)").outcome
            #expect(outcome == AgentOutcome(reason: .answered, text: "15C.", rounds: 1))
        }
        observer.cancel()
        #expect(await observer.value == [])
        #expect(agent.messages.count == count * 5)
    }

    @Test("a response with calls has the same events and messages however it is split")
    func splitResponses() async throws {
        let calling = Array((Chunk.thinking("Hm") + "\n" + Chunk.calls(Self.call) + "\n" + Chunk.done() + "\n").utf8)
        let answering = ScriptedServer.Reply.lines(Chunk.content("15C."), Chunk.done())
        let splits: [[[UInt8]]] =
            (1..<calling.count).map { [Array(calling[..<$0]), Array(calling[$0...])] } + [calling.map { [$0] }]
        let server = try ScriptedServer(splits.flatMap { [.pieces($0), answering] })
        defer { server.stop() }
        let host = ToolHost()
        try host.register(Tool(CityTool.temperature))
        let client = OllamaClient(environment: ["OLLAMA_HOST": server.address])
        var configuration = AgentConfiguration()
        configuration.learnsContextSize = false
        for split in splits {
            let agent = Agent(model: "qwen3", client: client, host: host, configuration: configuration)
            let response = agent.respond(to: "How warm is London?")
            var events = Events()
            for try await event in response { events.all.append(event) }
            let place = "split after \(split[0].count) bytes"
            #expect(events.thinking == ["Hm"] && events.content == ["15C."], "\(place)")
            #expect(events.results.map(\.text) == ["15C"], "\(place)")
            #expect(try await response.outcome == AgentOutcome(reason: .answered, text: "15C.", rounds: 1), "\(place)")
            #expect(agent.messages.map(\.role) == [.user, .assistant, .tool, .assistant], "\(place)")
        }
        #expect(server.requests.count == 2 * splits.count)
    }
}
