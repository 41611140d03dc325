/// The limits of a host.
///
/// Each has a range, of which ``apply(_:)`` refuses and ``HostConfiguration/limits`` replaces what lies outside: calls
/// to 100,000, calls at once to 10,000, results to 1 GiB, processes from 2 to 4,096, arguments to 256 MiB, schemas and
/// manifests to 64 MiB, and times from a millisecond to 1,000,000 seconds.
public struct ToolLimits: Sendable, Hashable {
    /// Calls run from one message; the rest are answered with ``ToolStatus/notRun``.
    public var calls = 128
    /// Calls that run at once.
    public var concurrency = 64
    /// Calls that run at once in one plugin.
    public var concurrencyPerPlugin = 64
    /// From the start of a tool's code to its answer, where the tool sets no deadline of its own.
    public var timeout = Duration.seconds(60)
    /// From a deadline to the moment when a plugin that has not stopped is given up.
    public var grace = Duration.seconds(2)
    /// For loading and registering one plugin.
    public var registration = Duration.seconds(5)
    /// For all plugins of a search path to register.
    public var scan = Duration.seconds(30)
    /// Bytes kept of one result.
    public var resultBytes = 64 << 20
    /// Bytes kept of all results of one message together.
    ///
    /// Half of them are divided equally among the calls, so that a small result always fits. The other half goes to the
    /// calls that need more and come first. A result that does not fit is cut, and says so. A larger ``resultBytes`` has
    /// no effect.
    public var resultBytesPerMessage = 64 << 20
    /// Processes of a plugin that may start programs, its worker included.
    public var processes = 64
    /// Bytes of one call's arguments.
    public var argumentBytes = 16 << 20
    /// Bytes of one tool's schema.
    public var schemaBytes = 1 << 20
    /// Bytes of one plugin's manifest.
    public var manifestBytes = 64 << 10

    /// The defaults.
    public init() {}
}
