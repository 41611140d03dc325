package import ToolRuntime

/// A source of tools: it describes them, runs their calls and reports its faults.
///
/// A native plugin in this process, one in a worker process, a binding and the program itself are sources. The host
/// treats all of them alike: dispatch, authorization and reports use only this protocol, so another kind of tool is
/// another type that conforms to it. ``GrantReceiver`` is the part for permissions and the sandbox.
package protocol ToolSource: AnyObject, GrantReceiver {
    /// The description of the source and its tools, as the source registered it.
    var registration: PluginRegistration { get }

    /// The contract violations and crashes so far, as sentences.
    var incidents: [String] { get }

    /// True if the results of its tools come from other computers, whatever the grants of its plugin are.
    var readsOutside: Bool { get }

    /// Starts a call of a tool.
    ///
    /// - Parameters:
    ///   - index: The position of the tool in the registration.
    ///   - request: The arguments and limits.
    ///   - observe: Receives the events of the call, on an arbitrary thread; it must not block. The event
    ///     ``CallEvent/ended(_:)`` is reported exactly once, not much later than the deadline.
    func start(
        tool index: Int,
        _ request: CallRequest,
        observe: @escaping @Sendable (CallEvent) -> Void
    ) -> any ToolSourceCall

    /// Sends the requests of started calls that the source has collected to send them together.
    ///
    /// The host calls it once after it has started calls of a batch, on the thread that started them. A call may wait in
    /// the source until then.
    func flush()

    /// Handles events of running calls on this thread, which is about to wait for them.
    ///
    /// A source whose events come from another process can receive them here, which saves the switch to another thread.
    /// It may return early, and does nothing if its own threads report all events. Once it has returned, the source's own
    /// threads report the events of all running calls.
    ///
    /// - Parameters:
    ///   - deadline: The instant at which it returns at the latest, tens of microseconds away. It has passed already if
    ///     the thread cannot stay.
    ///   - isDone: Returns true once the thread has the event that it waits for. It is cheap.
    func assist(until deadline: MonotonicInstant, isDone: () -> Bool)
}

extension ToolSource {
    package var readsOutside: Bool { false }

    package func flush() {}

    package func assist(until deadline: MonotonicInstant, isDone: () -> Bool) {}
}
