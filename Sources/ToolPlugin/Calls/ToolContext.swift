import CToolPlugin
import Glibc

/// What a tool can learn of its call, and tell while it runs.
///
/// A parameter of this type is not shown to the model. It may be kept: once the call has its answer, it says that the
/// call is cancelled, and what it is told goes nowhere.
public struct ToolContext: Sendable {
    /// How much a log line matters.
    public enum LogLevel: Int32, Sendable {
        case debug, info, warning, error
    }

    let call: Call

    /// Whether the call should stop: nobody waits for its answer any more.
    ///
    /// In an async tool, the task is cancelled as well.
    public var isCancelled: Bool { call.isCancelled }

    /// Ends the call where it should stop.
    ///
    /// - Throws: ``ToolError/cancelled``.
    public func checkCancellation() throws(ToolError) {
        if isCancelled { throw .cancelled }
    }

    /// The time until the deadline, never less than zero; `nil` where there is none.
    public var remaining: Duration? {
        guard call.deadline > 0 else { return nil }
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let nanoseconds = UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
        return .nanoseconds(call.deadline > nanoseconds ? Int64(clamping: call.deadline - nanoseconds) : 0)
    }

    /// Says how far the call is: from 0 to 1, or `nil` where that is unknown.
    public func progress(_ fraction: Double?, _ message: String = "") { call.progress(fraction, message) }

    /// Writes a part of the result before the tool is done; a user may see it at once.
    public func write(_ text: String) { call.write(.text(text)) }

    /// Writes a part of the result before the tool is done.
    public func write(_ part: ContentPart) { call.write(part) }

    /// Writes a line to the host's log.
    public func log(_ message: String, level: LogLevel = .info) { call.log(level.rawValue, message) }

    /// The user's value of a configuration key that the plugin declares; `nil` while it is not set.
    public func configuration(_ key: String) -> String? { call.configuration(key) }

    /// The numeric addresses of a host, for a plugin with a network permission; none where it is unknown.
    public func addresses(of host: String) -> [String] { call.addresses(of: host) }
}
