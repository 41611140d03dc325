package import ToolContract

/// An event of a call in a plugin.
///
/// `ended` is reported exactly once, whatever the plugin does. Only `returned` and `released` can follow it.
package enum CallEvent: Sendable {
    /// The tool's `execute` starts, on this thread.
    case started
    /// A piece of the result.
    case output(ContentPart)
    /// A report of progress: the fraction from 0 to 1, or nil if it is unknown.
    case progress(fraction: Double?, message: String)
    /// The call has its result.
    case ended(CallEnd)
    /// The tool's `execute` has returned, or will not be called. If the call is released, the plugin may not use it any
    /// more.
    case returned(isReleased: Bool)
    /// The plugin completed the call after its `execute` had returned, and may not use it any more.
    case released
}
