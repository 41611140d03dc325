import OllamaClient
import Testing
import ToolAgent
import ToolHost
import ToolPlugin

@Suite("Responses", .timeLimit(.minutes(10)))
struct ResponseTests {
    private static func agent(_ model: ScriptedModel, tools: [any ProgramTool] = []) throws -> Agent {
        let host = ToolHost()
        for tool in tools { try host.register(Tool(tool)) }
        return Agent(model: "scripted", client: model, host: host)
    }

    // MARK: - Cancellation

    /// The ways to cancel a response.
    enum Cancellation: String, CaseIterable, Sendable {
        case cancel, readerTask, outcomeTask, dropResponse, leaveLoop
    }

    /// The work that is under way when a response is cancelled.
    enum Work: String, CaseIterable, Sendable {
        case request, call

        /// Returns true for the event that shows that the work is under way.
        func isUnderWay(_ event: AgentEvent) -> Bool {
            if case .content = event { return self == .request }
            guard case .call(let event) = event, case .started = event.kind else { return false }
            return self == .call
        }
    }

    @Test(
        "a cancelled response stops its request and its calls, keeps what arrived, and lets the conversation go on",
        arguments: Cancellation.allCases,
        Work.allCases
    )
    func cancellation(way: Cancellation, work: Work) async throws {
        let endless = Endless()
        let call = Chunk.calls(Chunk.call("endless", id: "a"))
        let model = ScriptedModel([
            work == .request ? .hanging(Chunk.content("Once")) : .lines(Chunk.content("Once"), call, Chunk.done()),
            .lines(Chunk.content("Hello."), Chunk.done()),
        ])
        let agent = try Self.agent(model, tools: [endless])
        try await Self.cancelResponse(of: agent, way, during: work)
        switch work {
        case .request: await model.waitForEndOfReply()
        case .call: for await _ in endless.cancelled.stream { break }
        }
        // The cancelled response may still be ending, which is not an error.
        let outcome = try await agent.respond(to: "And now?").outcome
        #expect(outcome == AgentOutcome(reason: .answered, text: "Hello.", rounds: 0))
        let messages = agent.messages
        #expect(messages.prefix(2).map(\.content) == ["Go", "Once"])
        let roles: [ChatMessage.Role] = work == .request ? [] : [.tool, .assistant]
        #expect(messages.map(\.role) == [.user, .assistant] + roles + [.user, .assistant])
    }

    private static func cancelResponse(of agent: Agent, _ way: Cancellation, during work: Work) async throws {
        if way == .leaveLoop {
            for try await event in agent.respond(to: "Go") where work.isUnderWay(event) { break }
            return
        }
        let response = agent.respond(to: "Go")
        if way == .readerTask {
            let underWay = AsyncStream<Void>.makeStream()
            let reader = Task {
                for try await event in response where work.isUnderWay(event) { underWay.continuation.yield() }
                return try await response.outcome
            }
            for await _ in underWay.stream { break }
            reader.cancel()
            #expect(try await reader.value.reason == .cancelled)
            return
        }
        var iterator = response.makeAsyncIterator()
        while let event = try await iterator.next(), !work.isUnderWay(event) {}
        switch way {
        case .cancel: response.cancel()
        case .outcomeTask:
            let waiter = Task { try await response.outcome }
            waiter.cancel()
            #expect(try await waiter.value.reason == .cancelled)
        default: return
        }
        #expect(try await response.outcome.reason == .cancelled)
        // The events of the cancelled calls still arrive, and cancellation is not an error.
        while try await iterator.next() != nil {}
    }

    @Test("a prompt whose response was cancelled before any reply is sent with the next prompt")
    func cancelledPrompt() async throws {
        let model = ScriptedModel([.hanging(), .lines(Chunk.content("Hello."), Chunk.done())])
        let agent = try Self.agent(model)
        let response = agent.respond(to: "One")
        await model.waitForRequest()
        response.cancel()
        #expect(try await response.outcome == AgentOutcome(reason: .cancelled, text: "", rounds: 0))
        #expect(try await agent.respond(to: "Two").text == "Hello.")
        #expect(agent.messages.map(\.content) == ["One\n\nTwo", "Hello."])
    }

    // MARK: - One at a time

    @Test("a second response fails while the first is under way, and leaves the first alone")
    func secondResponse() async throws {
        let model = ScriptedModel([.hanging(Chunk.content("Once"))])
        let agent = try Self.agent(model)
        let first = agent.respond(to: "One")
        let second = agent.respond(to: "Two")
        let error = await #expect(throws: AgentError.self) { try await second.outcome }
        #expect(error?.code == .alreadyResponding)
        #expect(error?.remedy == .waitOrCancel)
        var iterator = second.makeAsyncIterator()
        await #expect(throws: AgentError.self) { try await iterator.next() }
        #expect(try await iterator.next() == nil)
        first.cancel()
        #expect(try await first.outcome.reason == .cancelled)
        #expect(agent.messages.first?.content == "One")
    }

    @Test("a response can follow as soon as the outcome of the last one is known")
    func nextResponse() async throws {
        let count = 100
        let model = ScriptedModel(Array(repeating: .lines(Chunk.content("Yes."), Chunk.done()), count: count))
        let agent = try Self.agent(model)
        for index in 0..<count {
            let response = agent.respond(to: "\(index)")
            if index.isMultiple(of: 2) {
                #expect(try await response.text == "Yes.")
            } else {
                for try await _ in response {}
            }
        }
        #expect(agent.messages.count == 2 * count)
    }

    // MARK: - Errors

    @Test(
        "an error ends the sequence after the events before it, and is the error of the outcome as well",
        arguments: [["Half"], []]
    )
    func errorInTheMiddle(pieces: [String]) async throws {
        let failure = OllamaError(.forbidden, message: "No.")
        let model = ScriptedModel([ScriptedModel.Reply(lines: pieces.map(Chunk.content), end: .failed(failure))])
        let agent = try Self.agent(model)
        let response = agent.respond(to: "Go")
        var iterator = response.makeAsyncIterator()
        var content: [String] = []
        await #expect(throws: failure) {
            while let event = try await iterator.next() { if case .content(let text) = event { content.append(text) } }
        }
        #expect(content == pieces)
        #expect(try await iterator.next() == nil)
        for _ in 0..<2 { await #expect(throws: failure) { try await response.outcome } }
        // A prompt without any reply can be sent again.
        #expect(agent.messages.map(\.content) == (pieces.isEmpty ? [] : ["Go"] + pieces))
    }

    // MARK: - Reading

    private static let manyChunks = ScriptedModel.Reply(
        lines: Array(repeating: Chunk.content("a"), count: 1000) + [Chunk.done()]
    )

    @Test("the work starts before anything is read")
    func startsAtOnce() async throws {
        let model = ScriptedModel([.hanging()])
        let agent = try Self.agent(model)
        let response = agent.respond(to: "Go")
        await model.waitForRequest()
        response.cancel()
    }

    @Test("a slow reader slows the model down, and misses no event")
    func slowReader() async throws {
        let model = ScriptedModel([Self.manyChunks])
        let agent = try Self.agent(model)
        let response = agent.respond(to: "Go")
        var read = 0
        for try await event in response {
            guard case .content = event else { continue }
            read += 1
            // The buffer holds 64 events, and one is on its way.
            #expect(model.chunkCount <= read + 65)
        }
        #expect(read == 1000)
        #expect(try await response.text.count == 1000)
    }

    @Test(
        "a response ends while an iterator is idle, and the text that was not read can still be read",
        arguments: [0, 1, 100],
        [true, false]
    )
    func idleReader(read: Int, keepsIterator: Bool) async throws {
        let model = ScriptedModel([Self.manyChunks])
        let response = try Self.agent(model).respond(to: "Go")
        var iterator = response.makeAsyncIterator()
        var text = ""
        while text.count < read, let event = try await iterator.next() {
            if case .content(let piece) = event { text += piece }
        }
        #expect(try await response.outcome.text.count == 1000)
        if !keepsIterator { iterator = response.makeAsyncIterator() }
        while let event = try await iterator.next() { if case .content(let piece) = event { text += piece } }
        #expect(text.count == 1000)
    }

    @Test("calls run while an iterator is idle after them and the outcome is awaited")
    func idleReaderAtCalls() async throws {
        let counter = Counter()
        let model = ScriptedModel([
            .lines(Chunk.calls(Chunk.call("count", id: "a")), Chunk.done()),
            .lines(Chunk.content("Done."), Chunk.done()),
        ])
        let response = try Self.agent(model, tools: [counter]).respond(to: "Go")
        var iterator = response.makeAsyncIterator()
        while let event = try await iterator.next() { if case .toolCalls = event { break } }
        #expect(try await response.text == "Done.")
        #expect(counter.count == 1)
        var rest = Events()
        while let event = try await iterator.next() { rest.all.append(event) }
        #expect(rest.results.map(\.text) == ["counted"])
        #expect(rest.content == ["Done."])
    }

    @Test("a reader that comes after the outcome was awaited gets all events of a short response")
    func outcomeFirst() async throws {
        let model = ScriptedModel([
            .lines(Chunk.content("Let me see."), Chunk.calls(Chunk.call("count", id: "a")), Chunk.done()),
            .lines(Chunk.content("Done."), Chunk.done()),
        ])
        let response = try Self.agent(model, tools: [Counter()]).respond(to: "Go")
        #expect(try await response.text == "Done.")
        var events = Events()
        for try await event in response { events.all.append(event) }
        #expect(events.content == ["Let me see.", "Done."])
        #expect(events.results.map(\.text) == ["counted"])
    }

    @Test("several readers share the events")
    func severalReaders() async throws {
        let model = ScriptedModel([Self.manyChunks])
        let agent = try Self.agent(model)
        let response = agent.respond(to: "Go")
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var count = 0
                    for try await event in response { if case .content = event { count += 1 } }
                    return count
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 }
        }
        #expect(counts == 1000)
    }

    @Test(
        "calls start once a reader, which may come late, asks for the event after them, unless it cancels",
        arguments: [true, false],
        [true, false]
    )
    func callsWaitForTheReader(cancels: Bool, isLate: Bool) async throws {
        let counter = Counter()
        let model = ScriptedModel([
            .lines(Chunk.calls(Chunk.call("count", id: "a")), Chunk.done()),
            .lines(Chunk.content("Done."), Chunk.done()),
        ])
        let agent = try Self.agent(model, tools: [counter])
        let response = agent.respond(to: "Go")
        if isLate { await model.waitForEndOfReply() }
        for try await event in response {
            guard case .toolCalls(let calls) = event else { continue }
            #expect(calls.map(\.name) == ["count"])
            #expect(counter.count == 0)
            if cancels { response.cancel() }
        }
        #expect(try await response.outcome.reason == (cancels ? .cancelled : .answered))
        #expect(counter.count == (cancels ? 0 : 1))
    }
}
