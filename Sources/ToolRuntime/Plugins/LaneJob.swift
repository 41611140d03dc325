/// A job that runs in a lane.
package protocol LaneJob: AnyObject, Sendable {
    /// An identifier that is never used again in this process.
    var id: UInt64 { get }
    /// True if the job may run beside others.
    var isConcurrent: Bool { get }
}
