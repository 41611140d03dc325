import CToolPlugin
import Synchronization
import ToolContract
import ToolJSON

/// One call from its start until the plugin has nothing more to say of it, and the memory that the plugin sees.
final class CallRecord: LaneJob {
    let id: UInt64
    let plugin: LoadedPlugin
    let tool: LoadedTool
    let arguments: JSON

    var isConcurrent: Bool { tool.isConcurrent }

    private let request: CallRequest
    private let observe: @Sendable (CallEvent) -> Void
    private let state: Mutex<CallState>
    private let clock = Mutex(Clock())
    private let held = Mutex<[String: HeldText]>([:])
    private let argumentText: HeldText
    // Allocated for the record's lifetime; after that the plugin has lost its right to them.
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
        state = Mutex(CallState(keepsOutput: request.keepsOutput))
        self.observe = observe
        arguments = .object(request.arguments)
        argumentText = HeldText(arguments.bytes())
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

    // MARK: - The host's side

    /// Runs the tool.
    ///
    /// Returns when its `execute` does.
    func execute() {
        defer { plugin.leave(self) }
        guard state.withLock({ $0.begin() }) else {
            observe(.returned(isOver: true))
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
        let (result, isOver) = state.withLock { $0.returned(isPending: code == TOOL_PENDING) }
        if case .violation(let isAnswered) = result {
            let sentence =
                code == TOOL_DONE
                ? "Its execute returned TOOL_DONE without having completed the call."
                : "Its execute returned \(code), which is neither TOOL_DONE nor TOOL_PENDING."
            plugin.context.recordViolation(sentence)
            if !isAnswered { answer(.failed(sentence), CallOutput()) }
        }
        if isOver { end() }
        observe(.returned(isOver: isOver))
    }

    /// The plugin may not speak of it any more.
    private func end() {
        CallTable.shared.remove(self)
        if let deadline = clock.withLock({ $0.deadline.take() }) { DeadlineTimer.shared.cancel(deadline) }
    }

    /// - Returns: What `execute` does.
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

    /// Calls a plain function, and completes the call with what it gives.
    private func run(_ native: ForeignFunction) -> Int32 {
        var status = TOOL_OK
        do throws(NativeCallError) {
            let value = try native.call(request.arguments, limit: request.resultBytes)
            let bytes = value.string.map { Array($0.utf8) } ?? value.bytes()
            let mediaType = value.string == nil ? "application/json" : ContentPart.plainTextType
            if bytes.withUnsafeBytes({ append(mediaType, $0) }) == TOOL_RESULT_LIMIT {
                throw NativeCallError(TOOL_ERROR, "The result is longer than \(request.resultBytes) bytes.")
            }
        } catch {
            status = error.status
            _ = Array(error.sentence.utf8).withUnsafeBytes { append(ContentPart.plainTextType, $0) }
        }
        _ = complete(status)
        return TOOL_DONE
    }

    /// Answers a call that the plugin will not run.
    func fail(_ sentence: String) {
        if case .drop = state.withLock({ $0.expire() }) { answer(.failed(sentence), CallOutput()) }
        observe(.returned(isOver: true))
    }

    /// Answers the caller now, and asks the plugin to stop.
    func expire(_ reason: CallEnd.Reason) {
        switch state.withLock({ $0.expire() }) {
        case .ignore:
            break
        case .drop:
            answer(reason, CallOutput())
        case .linger where reason == .timedOut:
            _ = DeadlineTimer.shared.schedule(at: .now + request.grace) { self.giveUpIfOverdue() }
        case .linger:
            break
        case .stop:
            cancelWord.pointee.store(1, ordering: .releasing)
            // Scheduled before the answer goes out, so that whoever has the answer can rely on it.
            _ = DeadlineTimer.shared.schedule(at: .now + request.grace) { self.giveUpIfOverdue() }
            answer(reason, state.withLock { $0.output })
            guard case .plugin(let execute) = tool.code, let cancel = execute.description.pointee.cancel else { return }
            // The plugin's own, only ever handed back to it.
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

    private func answer(_ reason: CallEnd.Reason, _ output: CallOutput) {
        // The deadline stays: what has answered is to return as well.
        let duration = clock.withLock(\.start).map { MonotonicInstant.now.since($0) } ?? .zero
        observe(.ended(CallEnd(reason: reason, output: output, duration: duration)))
    }

    // MARK: - The plugin's side

    func complete(_ status: Int32) -> Int32 {
        let (completion, isOver) = state.withLock { $0.complete() }
        if isOver { end() }
        defer { if isOver { observe(.over) } }
        switch completion {
        case .answer(let output):
            HostThreads.answer { answer(.completed(status), output) }
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
        observe(.progress(known, String(decoding: bytes.prefix(Self.maximumProgressBytes), as: UTF8.self)))
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

    /// Keeps a text for the plugin to read until it completes the call.
    func hold(_ text: some Collection<UInt8>, as name: String) -> tool_text_v1 {
        held.withLock { held in
            // Asked twice, it gives the same memory: what was handed out stays valid, and a loop cannot pile it up.
            if let known = held[name] { return known.text }
            let new = HeldText(text)
            held[name] = new
            return new.text
        }
    }

    private static let maximumProgressBytes = 1024

    /// A media type in lower case, plain text where none is given; `nil` where it is no media type.
    private static func mediaType(_ text: tool_text_v1) -> String? {
        guard let bytes = text.bufferIfValid, bytes.count <= 127 else { return nil }
        if bytes.isEmpty { return ContentPart.plainTextType }
        let mediaType = String(decoding: bytes, as: UTF8.self).lowercased()
        return CallOutput.isMediaType(mediaType) ? mediaType : nil
    }
}
