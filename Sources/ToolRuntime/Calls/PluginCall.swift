import Synchronization
package import ToolContract
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
    /// True if the result is given as a whole at the end, and not only part by part.
    package var keepsOutput = true
    /// The bytes that are left for the results of the whole message, or `nil` for no limit.
    package var budget: ResultBudget?
    /// Whether it does no harm to run it a second time, where the first was lost through no fault of its own.
    package var isRepeatable = false

    /// The arguments as JSON text.
    package var argumentBytes: [UInt8] { JSON.object(arguments).bytes() }

    package init(arguments: JSONObject, timeout: Duration, grace: Duration, resultBytes: Int) {
        self.arguments = arguments
        self.timeout = timeout
        self.grace = grace
        self.resultBytes = resultBytes
    }
}

/// What happens in a call.
///
/// `ended` comes exactly once, whatever the plugin does; after it only what the plugin does with a call that is answered.
package enum CallEvent: Sendable {
    /// The tool's `execute` begins, on this thread.
    case started
    case output(ContentPart)
    case progress(Double?, String)
    case ended(CallEnd)
    /// The tool's `execute` has returned, or will not be called; the plugin may still speak of the call unless it is over.
    case returned(isOver: Bool)
    /// The plugin has completed a call whose `execute` had returned before: it has nothing more to say of it.
    case over
}

/// How a call ended, as its caller sees it.
package struct CallEnd: Sendable {
    package enum Reason: Sendable, Hashable {
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

    package init(reason: Reason, output: CallOutput, duration: Duration) {
        self.reason = reason
        self.output = output
        self.duration = duration
    }
}

/// A call under way.
package struct PluginCall: Sendable {
    let record: CallRecord

    /// Has it take its turn.
    ///
    /// - Parameter here: Whether this thread is the one to run it, if it is its turn now; it then returns when the tool
    ///   does.
    func begin(here: Bool) {
        switch record.plugin.lane.admit(record) {
        case .run where here: record.execute()
        case .run: record.plugin.launch(record)
        case .wait: break
        case .refuse(let sentence): record.fail(sentence)
        }
    }

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
        let call = prepare(tool, request, observe: observe)
        call.begin(here: false)
        return call
    }

    /// A call that has not begun.
    func prepare(
        _ tool: LoadedTool,
        _ request: CallRequest,
        observe: @escaping @Sendable (CallEvent) -> Void
    ) -> PluginCall {
        PluginCall(record: CallRecord(plugin: self, tool: tool, request: request, observe: observe))
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
        if let next = lane.leave(record) { launch(next) }
    }

    /// A call's `execute` does not return: its thread is given up, and nothing else can be run here until it does.
    func wedge(_ record: CallRecord) {
        let stranded = lane.wedge(record)
        for other in stranded { other.fail(Lane<CallRecord>.wedgedSentence) }
    }
}

extension LoadedPlugin {
    /// Whether a call of it is stuck, so that no other is taken.
    package var isWedged: Bool { lane.isWedged }
}
