import CToolPlugin
import Glibc

/// The context of a call: its cancellation, its deadline, the plugin's configuration and reports of progress.
///
/// A parameter of this type is not shown to the model. A context may outlive its call: after the call has a result,
/// ``isCancelled`` is true and everything that is reported is discarded. All members may be used on any thread.
///
/// ```swift
/// @Tool func index(directory: String, context: ToolContext) throws -> String {
///     for (number, file) in files.enumerated() {
///         try context.checkCancellation()
///         context.progress(Double(number) / Double(files.count), file)
///     }
///     return "Indexed \(files.count) files."
/// }
/// ```
public struct ToolContext: Sendable {
    /// The severity of a log message.
    public enum LogLevel: Int32, Sendable {
        case debug, info, warning, error
    }

    let call: Call

    /// A Boolean value that indicates whether the call should stop, because the host no longer waits for its result.
    ///
    /// The task of an async tool is cancelled as well.
    public var isCancelled: Bool { call.isCancelled }

    /// Throws an error if the call should stop.
    ///
    /// - Throws: `ToolError.cancelled`.
    public func checkCancellation() throws(ToolError) {
        if isCancelled { throw .cancelled }
    }

    /// The time until the deadline, at least zero, or nil for a call without a deadline.
    public var remaining: Duration? {
        guard call.deadline > 0 else { return nil }
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let nanoseconds = UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
        return .nanoseconds(call.deadline > nanoseconds ? Int64(clamping: call.deadline - nanoseconds) : 0)
    }

    /// Reports the progress of the call.
    ///
    /// - Parameters:
    ///   - fraction: The completed part of the work, from 0 to 1, or nil if it is unknown.
    ///   - message: A short text for the user.
    public func progress(_ fraction: Double?, _ message: String = "") { call.progress(fraction, message) }

    /// Appends text to the result while the tool runs.
    ///
    /// The user may see it at once.
    public func write(_ text: String) { call.write(.text(text)) }

    /// Appends a part to the result while the tool runs.
    public func write(_ part: ContentPart) { call.write(part) }

    /// Writes a message to the host's log.
    public func log(_ message: String, level: LogLevel = .info) { call.log(level.rawValue, message) }

    /// Returns the user's value of a configuration key.
    ///
    /// - Parameter key: A key that the plugin declares.
    /// - Returns: The value, or nil if the user has not set the key.
    public func configuration(_ key: String) -> String? { call.configuration(key) }

    /// Resolves a host name, for a plugin with a network permission.
    ///
    /// - Parameter host: The name of a host.
    /// - Returns: The numeric addresses. An unknown host has none.
    public func addresses(of host: String) -> [String] { call.addresses(of: host) }
}
