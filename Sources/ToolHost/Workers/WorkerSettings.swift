import ToolRuntime
import ToolSandbox

/// The settings that a plugin's worker processes start with.
struct WorkerSettings: Sendable {
    let file: PluginFile
    /// The path of the worker program.
    let program: String
    /// The environment of the process, without the variables that are granted to the plugin.
    let environment: [String: String]
    let limits: ToolLimits
    /// The time without calls after which a process is closed.
    let idle: Duration
    let sandbox: SandboxMode
    /// The record of deaths, or nil for none.
    let quarantine: Quarantine?
    /// Receives the plugin's log messages.
    let log: PluginContext.Log
    /// Receives the lines that the plugin prints; nil if they are not shown.
    let output: (@Sendable (String) -> Void)?

    init(
        file: PluginFile,
        workers: WorkerConfiguration,
        limits: ToolLimits,
        quarantine: Quarantine?,
        log: @escaping PluginContext.Log,
        output: (@Sendable (String) -> Void)?
    ) {
        self.file = file
        program = workers.programPath
        environment = workers.environment
        self.limits = limits
        idle = workers.idle
        sandbox = workers.sandbox
        self.quarantine = quarantine
        self.log = log
        self.output = output
    }
}
