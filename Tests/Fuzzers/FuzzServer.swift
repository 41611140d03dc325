import HTTPClient
import OpenAIClient
import ToolHost
import ToolJSON
import ToolRuntime

@testable import OllamaClient
@testable import ToolAgent

/// Decodes any bytes as responses of a server, in pieces of a size that the first byte selects: metadata, the lines or
/// events of a stream, and a recorded answer.
///
/// Every number must be in its range, and a whole conversation must end.
@c(LLVMFuzzerTestOneInput)
public func fuzzServer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: start, count: count)
    guard let first = input.first else { return 0 }
    let bytes = Array(input.dropFirst())
    let pieces = bytes.pieces(of: Int(first) + 1)
    check(OllamaError.server(status: Int(first) * 4, body: bytes))
    let whole = lines(of: [bytes])
    precondition(whole == lines(of: pieces), "the pieces of a stream change the result")
    var turn = TurnAssembly(maximumCalls: 3)
    var sizes: [Int?] = [nil]
    for line in whole ?? [] {
        do throws(OllamaError) {
            let json = try OllamaError.checked(line)
            sizes += checkMetadata(json)
            check(ChatChunk(json), &turn)
        } catch {
            check(error)
        }
    }
    let wholeEvents = events(of: [bytes])
    precondition(wholeEvents == events(of: pieces), "the pieces of a stream change its events")
    checkCompletion(wholeEvents ?? [])
    for size in sizes { check(turn, ContextWindow(size: size, toolCharacters: count)) }
    if let recorded = try? RecordedResponse(parsing: bytes, maximumCalls: 3) {
        precondition(recorded.calls.count <= 3, "there are more calls than allowed")
        let surplus = recorded.surplusResult == nil ? 0 : 1
        precondition(recorded.refusals(because: "").count == recorded.calls.count + surplus, "a call has no result")
    }
    let transport = Transport(body: bytes, pieces: pieces)
    converse(OllamaClient(endpoint: OllamaEndpoint(parsing: ""), maximumBytes: 1 << 16, transport: transport))
    converse(OpenAIClient(baseURL: "", maximumBytes: 1 << 16, transport: transport))
    return 0
}

/// Returns the lines of a stream, or nil if one of them is too long.
private func lines(of pieces: [[UInt8]]) -> [[UInt8]]? {
    var splitter = LineSplitter(limit: 1 << 11)
    var lines: [[UInt8]] = []
    do throws(OllamaError) {
        for piece in pieces { lines += try splitter.add(piece) }
    } catch {
        check(error)
        return nil
    }
    return lines + (splitter.finish().map { [$0] } ?? [])
}

/// Returns the events of a stream, or nil if one of them is too long.
private func events(of pieces: [[UInt8]]) -> [[UInt8]]? {
    var splitter = EventSplitter(limit: 1 << 11)
    var events: [[UInt8]] = []
    do throws(OllamaError) {
        for piece in pieces { events += try splitter.add(piece) }
    } catch {
        check(error)
        return nil
    }
    return events + (splitter.finish().map { [$0] } ?? [])
}

/// Assembles an answer from the events of a stream.
private func checkCompletion(_ events: [[UInt8]]) {
    var assembly = CompletionAssembly(maximumCalls: 3)
    var turn = TurnAssembly(maximumCalls: 3)
    for event in events {
        guard let document = try? JSONDocument(answer: event, maximumCalls: 3, callDepth: CompletionAssembly.callDepth)
        else { continue }
        if let failure = CompletionFailure.error(in: document.value) { check(failure) }
        if let chunk = try? assembly.add(document.value) { check(chunk, &turn) }
    }
    let last = assembly.last()
    precondition(last.done && last.message.toolCalls.count <= 3, "the last piece has more calls than allowed")
    check(last, &turn)
}

private func check(_ error: OllamaError) {
    precondition(!error.message.isEmpty, "an error has no message")
    precondition(error.message.unicodeScalars.count <= 1_200, "the message of an error is too long")
    precondition(error.status.map { 0...1_020 ~= $0 } ?? true, "a status is out of range")
}

/// Decodes a response as metadata of models.
///
/// - Returns: The sizes of the context windows in it.
private func checkMetadata(_ json: JSON) -> [Int?] {
    let models = [json] + (json["models"]?.array ?? [])
    let summaries = models.compactMap(ModelSummary.init)
    let running = models.compactMap(RunningModel.init)
    let sizes = [ModelDetails(json).contextLength] + summaries.map(\.contextLength) + running.map(\.contextLength)
    for size in sizes {
        precondition(
            size.map(ServerRange.contextLength.contains) ?? true,
            "the size of a context window is out of range"
        )
    }
    for summary in summaries {
        precondition(summary.size.map { $0 >= 0 } ?? true, "the size of a model is negative")
    }
    return sizes.filter { $0 != nil }
}

private func check(_ chunk: ChatChunk, _ turn: inout TurnAssembly) {
    for count in [chunk.promptEvalCount, chunk.evalCount] {
        precondition(count.map(ServerRange.tokens.contains) ?? true, "a number of tokens is out of range")
    }
    for duration in [chunk.totalDuration, chunk.loadDuration] {
        precondition(duration.map { .zero ... .seconds(10_000_000) ~= $0 } ?? true, "a duration is out of range")
    }
    guard (try? turn.add(chunk)) != nil else { return }
    let sent = chunk.message.json.bytes()
    precondition((try? JSON(parsing: sent, limits: JSONLimits(depth: 4_096))) != nil, "a message cannot be sent back")
}

/// Continues a conversation with a turn, and computes with the server's token counts.
private func check(_ turn: TurnAssembly, _ window: ContextWindow) {
    var (window, conversation) = (window, Conversation(system: "s"))
    conversation.ask(ChatMessage(role: .user, content: "p"))
    let calls = conversation.identified(turn.keptCalls)
    precondition(Set(calls.compactMap(\.id)).count == turn.keptCalls.count, "two calls have the same id")
    conversation.add(turn.message(calls: calls), results: calls.map { _ in ChatMessage(role: .tool, content: "r") })
    if let prompt = turn.metrics.promptTokens {
        window.measure(tokens: prompt + (turn.metrics.outputTokens ?? 0), messages: 2)
    }
    precondition(window.estimate(of: conversation.messages) >= 0, "the estimate for a conversation is negative")
    precondition(0...60_000 ~= window.resultLimit(60_000), "the limit of a result is out of range")
    precondition(window.warning(for: conversation.messages)?.isEmpty != true, "a warning is empty")
}

// MARK: - A whole conversation

/// A transport with the same response for every request.
private struct Transport: HTTPTransport {
    let body: [UInt8]
    let pieces: [[UInt8]]

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        // Only the conversation is a stream. Metadata is a single JSON value.
        let isStream = String(decoding: request.body ?? [], as: UTF8.self).contains("\"stream\":true")
        let pieces = Monitor((isStream ? pieces : [body])[...])
        return HTTPResponse(status: 200, body: HTTPBody { pieces.changeQuietly { $0.popFirst() } })
    }
}

private func converse(_ client: some ChatModel) {
    var configuration = AgentConfiguration()
    configuration.maximumRounds = 2
    let agent = Agent(model: "m", client: client, host: ToolHost(), configuration: configuration)
    let isDone = Monitor(false)
    Task.detached {
        _ = try? await (client as? OllamaClient)?.show(model: "m")
        _ = try? await (client as? OllamaClient)?.models()
        _ = try? await (client as? OpenAIClient)?.models()
        do {
            let outcome = try await agent.respond(to: "p").outcome
            precondition(0...2 ~= outcome.rounds, "there were more rounds than allowed")
        } catch {
            precondition(!"\(error)".isEmpty, "an error has no message")
        }
        isDone.change { $0 = true }
    }
    isDone.wait { $0 ? .done(()) : .wait(until: nil) }
}

extension [UInt8] {
    /// Returns the bytes in pieces of a size.
    fileprivate func pieces(of size: Int) -> [[UInt8]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
