package import ToolRuntime

/// A source of tools: it describes them, runs their calls and reports its faults.
///
/// A native plugin in this process, one in a worker process, a binding and the program itself are sources. The host
/// treats all of them alike: dispatch, authorization and reports use only this protocol, so another kind of tool is
/// another type that conforms to it. ``GrantReceiver`` is the part for permissions and the sandbox.
package protocol ToolSource: GrantReceiver {
    /// The description of the source and its tools, as the source registered it.
    var registration: PluginRegistration { get }

    /// The contract violations and crashes so far, as sentences.
    var incidents: [String] { get }

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
}
