import ToolRuntime

/// The settings that a plugin's worker processes start with.
struct WorkerSettings: Sendable {
    let file: PluginFile
    /// The worker program, and the environment without the variables that are granted to the plugin.
    let workers: WorkerConfiguration
    let limits: ToolLimits
    /// The record of deaths, or nil for none.
    let quarantine: Quarantine?
    /// Receives the plugin's log messages.
    let log: PluginContext.Log
    /// Receives the lines that the plugin prints; nil if they are not shown.
    let output: (@Sendable (String) -> Void)?
    /// The start of the interpreter, for a Python file.
    var python: PythonLaunch?

    /// The limits on the registration of the plugin.
    var registrationLimits: RegistrationLimits {
        RegistrationLimits(manifestBytes: limits.manifestBytes, schemaBytes: limits.schemaBytes)
    }
}
