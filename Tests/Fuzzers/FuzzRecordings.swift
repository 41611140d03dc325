import Glibc
import OllamaClient
import ToolHost
import ToolJSON
import ToolRuntime

@testable import ToolAgent

/// Decodes any bytes as a recording, and replays it with the recorded results.
///
/// A conversation that is replayed to its end is recorded again: the new recording must be valid and must have the same
/// conversations.
@c(LLVMFuzzerTestOneInput)
public func fuzzRecordings(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
        if let json = try? JSON(parsing: line), let content = json.object?.first?.value { checkLine(content) }
    }
    do throws(AgentError) {
        let recording = try Recording(parsing: bytes)
        precondition(recording.lineCount > 0, "an empty recording is valid")
        let same = try Recording(parsing: try recording.replacing([:]))
        precondition(same.exchanges == recording.exchanges && same.tools == recording.tools, "the recording changed")
        replay(recording)
    } catch {
        check(error)
    }
    return 0
}

private func check(_ error: AgentError) {
    precondition(error.code == .invalidRecording && !error.message.isEmpty, "a recording has another error")
    precondition(error.message.unicodeScalars.count < 4_000, "the message of an error is too long")
}

/// Checks that the short form of a line is the same after it is written and read again.
private func checkLine(_ content: JSON) {
    if let request = RecordedRequest(content) {
        precondition(RecordedRequest(request.json) == request, "another request was written")
    }
    if let settings = RecordedSettings(content) {
        precondition(RecordedSettings(settings.json)?.json == settings.json, "other settings were written")
        let configuration = settings.configuration
        precondition(configuration.maximumRounds > 0 && configuration.resultCharacters > 0, "a limit is not positive")
    }
    if let outcome = RecordedOutcome(content) {
        precondition(outcome.difference(from: .failure(CancellationError()))?.isEmpty != true, "a difference is empty")
    }
    if let result = RecordedResult(content) {
        let call = ToolCall(name: result.tool)
        let line = RecordedResult.line(result.index, result.result(of: call))
        let again = (try? JSON(parsing: line))?["result"].flatMap { RecordedResult($0) }
        precondition(again?.parts == result.parts && again?.status == result.status, "another result was written")
    }
    let error = OllamaError(recorded: content)
    let again = OllamaError(recorded: .object(OllamaError.record(of: error)))
    precondition(again.code == error.code && again.message.count <= 2_000, "another error was written")
}

extension Recording {
    /// The numbers of requests of the responses of each conversation.
    fileprivate var exchanges: [[Int]] { conversations.map { $0.exchanges.map(\.turns.count) } }
}

// MARK: - A replay

/// A file in memory that only this user can access.
private let path: String = {
    atexit { unlink(path) }
    return "/dev/shm/toolhost-fuzz-\(getpid())"
}()

private func replay(_ recording: Recording) {
    let isDone = Monitor(false)
    Task.detached {
        await replayAll(recording)
        isDone.change { $0 = true }
    }
    isDone.wait { $0 ? .done(()) : .wait(until: nil) }
}

private func replayAll(_ recording: Recording) async {
    unlink(path)
    guard let writer = try? RecordingWriter(path: path) else { fatalError("\(path) cannot be written") }
    let replay = Replay(recording)
    let host = ToolHost()
    for (index, conversation) in recording.conversations.enumerated() {
        guard let agent = try? replay.agent(ofConversation: index, in: host) else { return }
        var configuration = agent.configuration
        configuration.observers.append(writer.observe)
        let messages = agent.messages.dropFirst(configuration.system == nil ? 0 : 1)
        guard
            let recorded = try? Agent(
                model: agent.model,
                client: replay,
                host: host,
                messages: Array(messages),
                configuration: configuration
            )
        else { preconditionFailure("the messages of an agent are not valid") }
        for exchange in conversation.exchanges {
            let prompt = recording.content(exchange.prompt).content["content"]?.string ?? ""
            _ = try? await recorded.respond(to: prompt).outcome
            if let problem = replay.problem { return check(problem) }
        }
    }
    precondition(writer.failure == nil, "the recording is not complete")
    guard let bytes = read(), let again = try? Recording(parsing: bytes) else {
        preconditionFailure("the recording of a replay is not valid")
    }
    let kept = recording.exchanges.filter { !$0.isEmpty }
    precondition(again.exchanges.flatMap(\.self) == kept.flatMap(\.self), "the recording of a replay is another one")
}

private func read() -> [UInt8]? {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = Glibc.read(file, &bytes, bytes.count)
    return count < 0 || count == bytes.count ? nil : Array(bytes[..<count])
}
