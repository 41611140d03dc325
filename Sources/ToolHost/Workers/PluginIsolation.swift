/// The process in which the code of plugins runs.
public enum PluginIsolation: Sendable, Hashable {
    /// This process, without protection: a plugin can do what the process can, and a plugin that crashes ends the
    /// process.
    ///
    /// To choose it is to accept that: no call is denied because nothing confines its plugin.
    case inProcess
    /// A separate process for each plugin, started at its first call and confined to its permissions.
    ///
    /// With `SandboxMode.off` the processes are not confined, as if the plugins ran in this process.
    case workers(WorkerConfiguration = WorkerConfiguration())
}
