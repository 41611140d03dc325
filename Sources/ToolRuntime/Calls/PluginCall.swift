import Synchronization
package import ToolJSON

/// What is to be called, and within which bounds.
package struct CallRequest: Sendable {
    /// The arguments, as the getters read them and, written out, as the plugin sees them.
    package var arguments: JSONObject
    /// From the start of the tool's code to its answer.
    package var timeout: Duration
    /// From the deadline to the moment when the plugin is given up.
    package var grace: Duration
    /// Bytes kept of the result.
    package var resultBytes: Int

    package init(arguments: JSONObject, timeout: Duration, grace: Duration, resultBytes: Int) {
        self.arguments = arguments
        self.timeout = timeout
        self.grace = grace
        self.resultBytes = resultBytes
    }
}

/// What happens in a call.
///
/// `ended` comes exactly once, whatever the plugin does, and nothing after it.
package enum CallEvent: Sendable {
    case started
    case output(CallOutput.Part)
    case progress(Double?, String)
    case ended(CallEnd)
}

/// How a call ended, as its caller sees it.
package struct CallEnd: Sendable {
    package enum Reason: Sendable {
        /// The plugin completed it with this status.
        case completed(Int32)
        /// The deadline passed.
        case timedOut
        /// The caller cancelled it.
        case cancelled
        /// The plugin broke the contract, or cannot be called: a sentence.
        case failed(String)
    }

    package let reason: Reason
    package let output: CallOutput
    package let duration: Duration
}

/// A call under way.
package struct PluginCall: Sendable {
    let record: CallRecord

    /// Answers the call as cancelled, at once, and asks the plugin to stop.
    package func cancel() {
        record.expire(.cancelled)
    }
}

extension LoadedPlugin {
    /// Starts a call on a thread of the host's own, when the plugin's lane is free.
    ///
    /// - Parameters:
    ///   - tool: One of ``tools``.
    ///   - request: What to call it with.
    ///   - observe: Told what happens, on any thread; it must not block.
    package func start(
        _ tool: LoadedTool,
        _ request: CallRequest,
        observe: @escaping @Sendable (CallEvent) -> Void
    ) -> PluginCall {
        let record = CallRecord(plugin: self, tool: tool, request: request, observe: observe)
        switch lane.withLock({ $0.admit(record) }) {
        case .run: launch(record)
        case .wait: break
        case .refuse(let sentence): record.fail(sentence)
        }
        return PluginCall(record: record)
    }

    func launch(_ record: CallRecord) {
        guard HostThreads.shared.run({ record.execute() }) else {
            record.fail("The system has no thread left to run it on.")
            leave(record)
            return
        }
    }

    /// A call's `execute` has returned (or was never begun): the lane is free.
    func leave(_ record: CallRecord) {
        if let next = lane.withLock({ $0.leave(record) }) { launch(next) }
    }

    /// A call's `execute` does not return: its thread is given up, and nothing else can be run here until it does.
    func wedge(_ record: CallRecord) {
        let stranded = lane.withLock { $0.wedge(record) }
        for other in stranded { other.fail(Lane.wedgedSentence) }
    }
}

/// Who may run in a plugin: tools that are not concurrent one after another, the others at any time.
struct Lane {
    private var current: CallRecord?
    private var waiting: [CallRecord] = []
    private var wedged: Set<UInt64> = []

    static let wedgedSentence =
        "The plugin is stuck in an earlier call, which ran past its deadline and did not stop. Start the host anew."

    enum Admission {
        case run
        case wait
        case refuse(String)
    }

    var isWedged: Bool { !wedged.isEmpty }

    mutating func admit(_ record: CallRecord) -> Admission {
        if isWedged { return .refuse(Self.wedgedSentence) }
        if record.tool.isConcurrent { return .run }
        guard current == nil else {
            waiting.append(record)
            return .wait
        }
        current = record
        return .run
    }

    mutating func leave(_ record: CallRecord) -> CallRecord? {
        wedged.remove(record.id)
        guard current === record else { return nil }
        current = waiting.isEmpty ? nil : waiting.removeFirst()
        return current
    }

    mutating func wedge(_ record: CallRecord) -> [CallRecord] {
        wedged.insert(record.id)
        defer { waiting = [] }
        return waiting
    }
}

extension LoadedPlugin {
    /// Whether a call of it is stuck, so that no other is taken.
    package var isWedged: Bool { lane.withLock { $0.isWedged } }
}
