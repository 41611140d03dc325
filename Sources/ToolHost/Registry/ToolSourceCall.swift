/// A call that a source of tools runs.
package protocol ToolSourceCall: Sendable {
    /// Ends the call as cancelled at once, and asks the tool to stop.
    func cancel()
}
