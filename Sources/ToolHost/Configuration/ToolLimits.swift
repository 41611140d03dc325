/// What the host bounds, and where.
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
    /// Bytes of one call's arguments.
    public var argumentBytes = 16 << 20
    /// Bytes of one tool's schema.
    public var schemaBytes = 1 << 20
    /// Bytes of one plugin's manifest.
    public var manifestBytes = 64 << 10

    /// The defaults.
    public init() {}
}
