public import ToolSandbox

/// How worker processes are made.
public struct WorkerConfiguration: Sendable, Hashable {
    /// The program of the worker process, `toolhost-worker`: it is installed beside this library's command.
    public var program: String

    /// What to do where the kernel cannot confine them.
    public var sandbox = SandboxMode.bestEffort

    /// How long a worker without calls is kept.
    public var idle = Duration.seconds(60)

    /// The environment of the processes: nothing of this program's own, unless it stands here.
    public var environment: [String: String] = [:]

    /// Workers of a program.
    public init(program: String) { self.program = program }
}

/// Where the code of plugins runs.
public enum PluginIsolation: Sendable, Hashable {
    /// In this process: a plugin that crashes takes the program with it.
    case inProcess
    /// In a process of its own for each plugin, started at its first call.
    case workers(WorkerConfiguration)
}
