public import ToolSandbox

/// The settings of worker processes.
public struct WorkerConfiguration: Sendable, Hashable {
    /// The absolute path of the worker program `toolhost-worker`, or nil to look for it.
    ///
    /// Without a path it is looked for beside the running executable, and then in `../libexec/toolhost` relative to
    /// that; never in `PATH` or in the current directory. A relative path is an error of the start. The program is
    /// started only if no other user could replace it.
    public var program: String?

    /// The behaviour if the kernel cannot confine the processes.
    public var sandbox = SandboxMode.bestEffort

    /// The time without calls after which a process is closed.
    public var idle = Duration.seconds(60)

    /// The environment of the processes, which inherit no variables of this process; empty by default.
    public var environment: [String: String] = [:]

    /// Creates the settings of worker processes.
    public init(program: String? = nil) { self.program = program }
}
