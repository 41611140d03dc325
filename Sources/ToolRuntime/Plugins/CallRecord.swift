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
    let arguments: JSON

    var isConcurrent: Bool { tool.isConcurrent }

    private let request: CallRequest
    private let observe: @Sendable (CallEvent) -> Void
    private let state: Lock<CallState>
    private let clock = Lock(Clock())
    private let texts = Lock<[String: HeldText]>([:])
    private let argumentText: HeldText
    // Allocated for the record's lifetime: the plugin may read them until it has released the call.
    private nonisolated(unsafe) let call: UnsafeMutablePointer<tool_call_v1>
    private nonisolated(unsafe) let cancelWord: UnsafeMutablePointer<Atomic<UInt32>>

    private struct Clock {
        var start: MonotonicInstant?
        var deadline: DeadlineTimer.Token?
    }

    init(
        plugin: LoadedPlugin,
        tool: LoadedTool,
        request: CallRequest,
        observe: @escaping @Sendable (CallEvent) -> Void
    ) {
        id = CallTable.shared.nextID()
        self.plugin = plugin
        self.tool = tool
        self.request = request
        state = Lock(CallState(keepsOutput: request.keepsOutput))
        self.observe = observe
        arguments = .object(request.arguments.object)
        argumentText = HeldText(request.arguments.bytes)
        call = .allocate(capacity: 1)
        cancelWord = .allocate(capacity: 1)
        cancelWord.initialize(to: Atomic(0))
        call.initialize(to: tool_call_v1())
    }

    deinit {
        call.deallocate()
        cancelWord.deinitialize(count: 1)
        cancelWord.deallocate()
    }

    // MARK: - Calls by the host

    /// Runs the tool on this thread, until its `execute` returns.
    func execute() {
        defer { plugin.leave(self) }
        guard state.withLock({ $0.begin() }) else {
            observe(.returned(isReleased: true))
            return
        }
        CallTable.shared.insert(self)
        let start = MonotonicInstant.now
        let deadline = start + request.timeout
        call.pointee = tool_call_v1(
            struct_size: UInt32(MemoryLayout<tool_call_v1>.size),
            flags: 0,
            id: id,
            arguments: argumentText.text,
            deadline_ns: deadline.nanoseconds,
            cancelled: UnsafePointer(UnsafeRawPointer(cancelWord).assumingMemoryBound(to: UInt32.self)),
            host: plugin.context.table
        )
        observe(.started)
        let timer = DeadlineTimer.shared.schedule(at: deadline) { self.expire(.timedOut) }
        clock.withLock { $0 = Clock(start: start, deadline: timer) }
        let code = run()
        let (result, isReleased) = state.withLock { $0.returned(isPending: code == TOOL_PENDING) }
        if case .violation(let hasEnded) = result {
            let sentence =
                code == TOOL_DONE
                ? "Its execute returned TOOL_DONE without having completed the call."
                : "Its execute returned \(code), which is neither TOOL_DONE nor TOOL_PENDING."
            plugin.context.recordViolation(sentence)
            if !hasEnded { reportEnd(.failed(sentence), CallOutput()) }
        }
        if isReleased { release() }
        observe(.returned(isReleased: isReleased))
    }

    /// Releases the call: the plugin may not use it any more.
    private func release() {
        CallTable.shared.remove(self)
        if let deadline = clock.withLock({ $0.deadline.take() }) { DeadlineTimer.shared.cancel(deadline) }
    }

    /// Runs the tool's code, and returns the return value of its `execute`.
    private func run() -> Int32 {
        switch tool.code {
        case .plugin(let execute):
            let description = execute.description
            return description.pointee.execute?(description.pointee.context, call) ?? TOOL_DONE
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
            let value = try native.call(request.arguments.object, limit: request.resultBytes)
            let bytes = value.string.map { Array($0.utf8) } ?? value.bytes()
            let mediaType = value.string == nil ? "application/json" : ContentPart.plainTextType
            if bytes.withUnsafeBytes({ append(mediaType, $0) }) == TOOL_RESULT_LIMIT {
                throw NativeCallError(TOOL_ERROR, "The result is longer than \(request.resultBytes) bytes.")
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
        if case .drop = state.withLock({ $0.expire() }) { reportEnd(.failed(sentence), CallOutput()) }
        observe(.returned(isReleased: true))
    }

    /// Ends the call for its caller now, and asks the plugin to stop.
    func expire(_ reason: CallEnd.Reason) {
        switch state.withLock({ $0.expire() }) {
        case .ignore:
            break
        case .drop:
            reportEnd(reason, CallOutput())
        case .linger where reason == .timedOut:
            _ = DeadlineTimer.shared.schedule(at: .now + request.grace) { self.giveUpIfOverdue() }
        case .linger:
            break
        case .stop:
            cancelWord.pointee.store(1, ordering: .releasing)
            // Scheduled before the result is reported, so that a caller who has the result can rely on it.
            _ = DeadlineTimer.shared.schedule(at: .now + request.grace) { self.giveUpIfOverdue() }
            reportEnd(reason, state.withLock { $0.output })
            guard case .plugin(let execute) = tool.code, let cancel = execute.description.pointee.cancel else { return }
            // A pointer of the plugin, which is only passed back to it.
            nonisolated(unsafe) let context = execute.description.pointee.context
            _ = HostThreads.shared.run { [id] in cancel(context, id) }
        }
    }

    private func giveUpIfOverdue() {
        switch state.withLock({ $0.overdue }) {
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
        let duration = clock.withLock(\.start).map { MonotonicInstant.now.since($0) } ?? .zero
        observe(.ended(CallEnd(reason: reason, output: output, duration: duration)))
    }

    // MARK: - Calls by the plugin

    func complete(_ status: Int32) -> Int32 {
        let (completion, isReleased) = state.withLock { $0.complete() }
        if isReleased { release() }
        defer { if isReleased { observe(.released) } }
        switch completion {
        case .end(let output):
            HostThreads.deliver { reportEnd(.completed(status), output) }
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
            guard state.isOpen else { return TOOL_RESULT_GONE }
            return state.write(mediaType, bytes, request) ? TOOL_RESULT_OK : TOOL_RESULT_LIMIT
        }
        if result == TOOL_RESULT_OK, !bytes.isEmpty {
            observe(.output(ContentPart(mediaType: mediaType, bytes: Array(bytes))))
        }
        return result
    }

    func reportProgress(_ fraction: Double, _ message: tool_text_v1) -> Int32 {
        guard let bytes = message.bufferIfValid else { return TOOL_RESULT_INVALID }
        guard state.withLock({ $0.isOpen }) else { return TOOL_RESULT_GONE }
        let known = fraction >= 0 ? min(fraction, 1) : nil
        let message = String(decoding: bytes.prefix(Self.maximumProgressBytes), as: UTF8.self)
        observe(.progress(fraction: known, message: message))
        return TOOL_RESULT_OK
    }

    func resolve(_ name: tool_text_v1, into addresses: UnsafeMutablePointer<tool_text_v1>?) -> Int32 {
        guard let addresses, let bytes = name.bufferIfValid, !bytes.isEmpty else { return TOOL_RESULT_INVALID }
        guard let resolver = plugin.context.resolver else { return TOOL_RESULT_DENIED }
        let name = String(decoding: bytes, as: UTF8.self)
        guard let found = resolver(name) else { return TOOL_RESULT_MISSING }
        addresses.pointee = hold(found.joined(separator: "\n").utf8, as: "addresses " + name)
        return TOOL_RESULT_OK
    }

    /// Stores text in memory that the plugin may read until it completes the call.
    func hold(_ text: some Collection<UInt8>, as name: String) -> tool_text_v1 {
        texts.withLock { texts in
            // The same name returns the same memory: earlier pointers stay valid, and a loop cannot exhaust memory.
            if let known = texts[name] { return known.text }
            let new = HeldText(text)
            texts[name] = new
            return new.text
        }
    }

    private static let maximumProgressBytes = 1024

    /// Returns a media type in lower case, plain text for an empty one, or nil if the text is not a media type.
    private static func mediaType(_ text: tool_text_v1) -> String? {
        guard let bytes = text.bufferIfValid, bytes.count <= 127 else { return nil }
        if bytes.isEmpty { return ContentPart.plainTextType }
        let mediaType = String(decoding: bytes, as: UTF8.self).lowercased()
        return CallOutput.isMediaType(mediaType) ? mediaType : nil
    }
}
