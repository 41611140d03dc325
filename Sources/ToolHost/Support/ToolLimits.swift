/// The limits of a host.
///
/// Each limit has a range. ``apply(_:)`` rejects a value outside of it, and ``HostConfiguration/limits`` replaces such
/// a value by the nearest one in the range: up to 100,000 calls, 10,000 concurrent calls and 1 GiB of results; 2 to
/// 4,096 processes; up to 256 MiB of arguments and 64 MiB of schemas and manifests; times from 1 ms to 1,000,000 s.
public struct ToolLimits: Sendable, Hashable {
    /// The maximum number of calls of one message; the others get the result ``ToolStatus/notRun``.
    public var calls = 128
    /// The maximum number of concurrent calls.
    public var concurrency = 64
    /// The maximum number of concurrent calls of one plugin.
    public var concurrencyPerPlugin = 64
    /// The time from the start of a tool's code to its result, if the tool sets no timeout.
    public var timeout = Duration.seconds(60)
    /// The grace period from a deadline until a plugin that has not stopped is given up.
    public var grace = Duration.seconds(2)
    /// The time for loading and registering one plugin.
    public var registration = Duration.seconds(5)
    /// The time for registering all plugins of a search path.
    public var scan = Duration.seconds(30)
    /// The maximum size of one result in bytes; a longer one is truncated.
    public var resultBytes = 64 << 20
    /// The maximum size of all results of one message together, in bytes.
    ///
    /// Half of it is divided equally among the calls, so that a small result always fits. The other half goes to the
    /// first calls that need more. A result that does not fit is truncated and marked. A larger ``resultBytes`` has no
    /// effect.
    public var resultBytesPerMessage = 64 << 20
    /// The maximum number of processes of a plugin that may run programs, including its worker process.
    public var processes = 64
    /// The maximum size of one call's arguments in bytes.
    public var argumentBytes = 16 << 20
    /// The maximum size of one tool's schema in bytes.
    public var schemaBytes = 1 << 20
    /// The maximum size of one plugin's manifest in bytes.
    public var manifestBytes = 64 << 10

    /// Creates the default limits.
    public init() {}
}
