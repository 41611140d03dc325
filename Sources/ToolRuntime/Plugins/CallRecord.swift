import CToolPlugin
import Locks
import Synchronization
import ToolContract
import ToolJSON

/// A call from its start until the plugin has released it, and the memory that the plugin reads.
final class CallRecord: LaneJob {
    let id: UInt64
    let plugin: LoadedPlugin
    let tool: LoadedTool

    var isConcurrent: Bool { tool.isConcurrent }

    private let limits: CallLimits
    private let observer: CallObserver
    /// The durations of the tool's calls, or nil if they are not measured.
    private let pace: CallPace?
    private let state: Lock<State>
    private let reading: Lock<Reading>
    private let memory: CallMemory

    private static let lastID = Atomic<UInt64>(0)

    private struct State {
        var call: CallState
        /// The number by which the plugin knows the call; 0 before its start.
        var number: UInt64 = 0
        var start: MonotonicInstant?
        /// The time that the report of the result took, which is not the tool's.
        var reporting = Duration.zero
        var deadline: DeadlineTimer.Token?
    }

    /// The content of the arguments that the plugin has asked for.
    private struct Reading {
        struct Key: Hashable {
            let kind: Kind
            let name: String
        }

        /// The arguments as values; nil before they are parsed.
        var values: JSON?
        var texts: [Key: HeldText] = [:]
    }

    /// The kinds of strings that a plugin asks for by a name.
    enum Kind { case text, json, addresses }

    /// Creates a call that has not started.
    ///
    /// - Parameters:
    ///   - arguments: The JSON text of the arguments, which is copied.
    ///   - values: The same arguments as values, or nil to parse the text when they are needed.
    init(
        plugin: LoadedPlugin,
        tool: LoadedTool,
        limits: CallLimits,
        arguments: UnsafeRawBufferPointer,
        values: JSON?,
        pace: CallPace? = nil,
        observer: CallObserver
    ) {
        id = Self.lastID.add(1, ordering: .relaxed).newValue
        self.plugin = plugin
        self.tool = tool
        self.limits = limits
        self.pace = pace
        self.observer = observer
        state = Lock(State(call: CallState(keepsOutput: limits.keepsOutput)))
        reading = Lock(Reading(values: values))
        memory = CallMemory(copying: arguments)
    }

    deinit { memory.deallocate() }

    // MARK: - Calls by the host

    /// True if the last calls of the tool were short, and the timeout is at least the given one.
    func isProbablyShort(_ shortest: Duration) -> Bool { pace?.isShort == true && limits.timeout >= shortest }

    /// Records that the call is not short.
    func recordBlock() { pace?.recordBlock() }

    /// Runs the tool on this thread, until its `execute` returns.
    ///
    /// - Parameter isWatched: True if another thread calls ``startTimeout()`` when the tool runs for long.
    func execute(isWatched: Bool = false) {
        defer { plugin.leave(self) }
        let start = MonotonicInstant.now
        let number: UInt64? = state.withLock { state in
            guard state.call.begin() else { return nil }
            state.start = start
            state.number = CallTable.shared.insert(self)
            return state.number
        }
        guard let number else {
            observer.receive(.returned(isReleased: true))
            return
        }
        memory.describe(number: number, deadline: start + limits.timeout, host: plugin.context.table)
        observer.receive(.started)
        if !isWatched { startTimeout() }
        let code = run()
        let duration = MonotonicInstant.now.since(start)
        let (result, isReleased) = state.withLock { state in
            pace?.record(duration - state.reporting)
            return state.call.returned(isPending: code == TOOL_PENDING)
        }
        if case .violation(let hasEnded) = result {
            let sentence =
                code == TOOL_DONE
                ? "Its execute returned TOOL_DONE without having completed the call."
                : "Its execute returned \(code), which is neither TOOL_DONE nor TOOL_PENDING."
            plugin.context.recordViolation(sentence)
            if !hasEnded { reportEnd(.failed(sentence), CallOutput()) }
        }
        if isReleased { release() } else if isWatched { startTimeout() }
        observer.receive(.returned(isReleased: isReleased))
    }

    /// Starts the timeout, which counts from the start of the call, unless it runs or the call is released.
    func startTimeout() {
        guard let start = state.withLock({ $0.deadline == nil ? $0.start : nil }) else { return }
        let deadline = DeadlineTimer.shared.schedule(at: start + limits.timeout) { self.expire(.timedOut) }
        let isNeeded = state.withLock { state in
            guard state.deadline == nil, !state.call.isReleased else { return false }
            state.deadline = deadline
            return true
        }
        if !isNeeded { DeadlineTimer.shared.cancel(deadline) }
    }

    /// Releases the call: the plugin may not use it any more.
    private func release() {
        let (number, deadline) = state.withLock { ($0.number, $0.deadline.take()) }
        CallTable.shared.remove(number)
        if let deadline { DeadlineTimer.shared.cancel(deadline) }
    }

    /// Runs the tool's code, and returns the return value of its `execute`.
    private func run() -> Int32 {
        switch tool.code {
        case .plugin(let execute):
            let description = execute.description
            return description.pointee.execute?(description.pointee.context, memory.call) ?? TOOL_DONE
        case .native(let function): return run(function)
        case .none(let fault):
            fail(fault)
            return TOOL_DONE
        }
    }

    /// Calls a native function, and completes the call with its result.
    private func run(_ native: ForeignFunction) -> Int32 {
        var status = TOOL_OK
        do throws(NativeCallError) {
            let value = try native.call(values().object ?? [:], limit: limits.resultBytes)
            let bytes = value.string.map { Array($0.utf8) } ?? value.bytes()
            let mediaType = value.string == nil ? "application/json" : ContentPart.plainTextType
            if bytes.withUnsafeBytes({ append(mediaType, $0) }) == TOOL_RESULT_LIMIT {
                throw NativeCallError(TOOL_ERROR, "The result is longer than \(limits.resultBytes) bytes.")
            }
        } catch {
            status = error.status
            _ = Array(error.message.utf8).withUnsafeBytes { append(ContentPart.plainTextType, $0) }
        }
        _ = complete(status)
        return TOOL_DONE
    }

    /// Ends a call that will not run as failed.
    func fail(_ sentence: String) {
        if case .drop = state.withLock({ $0.call.expire() }) { reportEnd(.failed(sentence), CallOutput()) }
        observer.receive(.returned(isReleased: true))
    }

    /// Ends the call for its caller now, and asks the plugin to stop.
    func expire(_ reason: CallEnd.Reason) {
        switch state.withLock({ $0.call.expire() }) {
        case .ignore:
            break
        case .drop:
            reportEnd(reason, CallOutput())
        case .linger where reason == .timedOut:
            _ = DeadlineTimer.shared.schedule(at: .now + limits.grace) { self.giveUpIfOverdue() }
        case .linger:
            break
        case .stop:
            memory.cancel()
            // Scheduled before the result is reported, so that a caller who has the result can rely on it.
            _ = DeadlineTimer.shared.schedule(at: .now + limits.grace) { self.giveUpIfOverdue() }
            reportEnd(reason, state.withLock { $0.call.output })
            guard case .plugin(let execute) = tool.code, let cancel = execute.description.pointee.cancel else { return }
            // A pointer of the plugin, which is only passed back to it.
            nonisolated(unsafe) let context = execute.description.pointee.context
            let number = state.withLock { $0.number }
            _ = HostThreads.shared.run { cancel(context, number) }
        }
    }

    private func giveUpIfOverdue() {
        switch state.withLock({ $0.call.overdue }) {
        case .nothing:
            break
        case .stuck:
            plugin.wedge(self)
        case .forgotten:
            plugin.context.recordViolation(
                "It returned TOOL_PENDING, and did not complete the call when it had to stop."
            )
        }
    }

    private func reportEnd(_ reason: CallEnd.Reason, _ output: CallOutput) {
        // The deadline stays in force: a tool that has its result must return as well.
        let duration = state.withLock { $0.start }.map { MonotonicInstant.now.since($0) } ?? .zero
        observer.receive(.ended(CallEnd(reason: reason, output: output, duration: duration)))
    }

    // MARK: - Calls by the plugin

    func complete(_ status: Int32) -> Int32 {
        let (completion, isReleased) = state.withLock { $0.call.complete() }
        if isReleased { release() }
        defer { if isReleased { observer.receive(.released) } }
        switch completion {
        case .end(let output):
            guard pace != nil else {
                // A thread of the program must not run the host's tasks.
                if plugin.runsOnCaller {
                    reportEnd(.completed(status), output)
                } else {
                    HostThreads.deliver { reportEnd(.completed(status), output) }
                }
                return TOOL_RESULT_OK
            }
            let begin = MonotonicInstant.now
            reportEnd(.completed(status), output)
            state.withLock { $0.reporting = MonotonicInstant.now.since(begin) }
            return TOOL_RESULT_OK
        case .late:
            return TOOL_RESULT_OK
        case .second:
            plugin.context.recordViolation("It completed a call twice.")
            return TOOL_RESULT_GONE
        }
    }

    func write(_ mediaType: tool_text_v1, _ bytes: tool_text_v1) -> Int32 {
        guard let mediaType = Self.mediaType(mediaType), let bytes = bytes.bufferIfValid else {
            return TOOL_RESULT_INVALID
        }
        return append(mediaType, bytes)
    }

    private func append(_ mediaType: String, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        let result = state.withLock { state in
            guard state.call.isOpen else { return TOOL_RESULT_GONE }
            return state.call.write(mediaType, bytes, limits) ? TOOL_RESULT_OK : TOOL_RESULT_LIMIT
        }
        if result == TOOL_RESULT_OK, !bytes.isEmpty { observer.receiveOutput(bytes, mediaType) }
        return result
    }

    func reportProgress(_ fraction: Double, _ message: tool_text_v1) -> Int32 {
        guard let bytes = message.bufferIfValid else { return TOOL_RESULT_INVALID }
        guard state.withLock({ $0.call.isOpen }) else { return TOOL_RESULT_GONE }
        let known = fraction >= 0 ? min(fraction, 1) : nil
        let message = String(decoding: bytes.prefix(Self.maximumProgressBytes), as: UTF8.self)
        observer.receive(.progress(fraction: known, message: message))
        return TOOL_RESULT_OK
    }

    func resolve(_ name: tool_text_v1, into addresses: UnsafeMutablePointer<tool_text_v1>?) -> Int32 {
        guard let addresses, let bytes = name.bufferIfValid, !bytes.isEmpty else { return TOOL_RESULT_INVALID }
        guard let resolver = plugin.context.resolver else { return TOOL_RESULT_DENIED }
        let name = String(decoding: bytes, as: UTF8.self)
        guard let found = resolver(name) else { return TOOL_RESULT_MISSING }
        addresses.pointee = hold(found.joined(separator: "\n").utf8, as: .addresses, name)
        return TOOL_RESULT_OK
    }

    /// Returns the arguments as values.
    func values() -> JSON {
        reading.withLock { reading in
            if let values = reading.values { return values }
            // The host has checked them. Without it, the plugin finds no arguments.
            let limits = JSONLimits(bytes: memory.arguments.count, values: .max)
            let values = (try? JSON(parsing: Array(memory.arguments), limits: limits)) ?? .null
            reading.values = values
            return values
        }
    }

    /// Stores text in memory that the plugin may read until it completes the call.
    func hold(_ text: some Collection<UInt8>, as kind: Kind, _ name: String) -> tool_text_v1 {
        reading.withLock { reading in
            // The same name returns the same memory: earlier pointers stay valid, and a loop cannot exhaust memory.
            let key = Reading.Key(kind: kind, name: name)
            if let known = reading.texts[key] { return known.text }
            let new = HeldText(text)
            reading.texts[key] = new
            return new.text
        }
    }

    private static let maximumProgressBytes = 1024

    /// Returns a media type in lower case, plain text for an empty one, or nil if the text is not a media type.
    private static func mediaType(_ text: tool_text_v1) -> String? {
        guard let bytes = text.bufferIfValid, bytes.count <= 127 else { return nil }
        if bytes.isEmpty || isSame(bytes, ContentPart.plainTextType) { return ContentPart.plainTextType }
        if isSame(bytes, ContentPart.jsonType) { return ContentPart.jsonType }
        let mediaType = String(decoding: bytes, as: UTF8.self).lowercased()
        return CallOutput.isMediaType(mediaType) ? mediaType : nil
    }

    /// True if a text has the bytes of a string.
    ///
    /// The usual media types need no copy of the text.
    private static func isSame(_ text: UnsafeRawBufferPointer, _ string: String) -> Bool {
        guard string.utf8.count == text.count else { return false }
        var string = string
        return string.withUTF8 { UnsafeRawBufferPointer($0).elementsEqual(text) }
    }
}
