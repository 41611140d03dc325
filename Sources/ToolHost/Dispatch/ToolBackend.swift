package import ToolJSON

/// What runs a tool: a plugin in this process, a worker process, or code of the program.
package protocol ToolBackend: Sendable {
    /// Starts one call.
    ///
    /// - Parameters:
    ///   - arguments: What the model gave, an object by now.
    ///   - limits: The bounds in force; `timeout` is this call's own.
    ///   - observe: Told what happens, on any thread. ``BackendEvent/ended(_:_:_:)`` must come exactly once, and not
    ///     much later than the deadline.
    func start(
        _ arguments: JSONObject,
        limits: ToolLimits,
        observe: @escaping @Sendable (BackendEvent) -> Void
    ) -> any BackendCall

    /// What to tell a person who wonders about an answer: breaches of the contract, for one.
    var notes: [String] { get }
}

/// A call under way.
package protocol BackendCall: Sendable {
    /// Ends the call as cancelled, at once.
    func cancel()
}

/// What happens in a call.
package enum BackendEvent: Sendable {
    case started
    case output(ToolPart)
    case progress(Double?, String)
    case ended(ToolStatus, [ToolPart], Duration)
}
