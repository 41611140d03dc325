import Logging
import ToolRuntime

extension HostConfiguration {
    /// The settings for the loading of plugins.
    var loading: LoadingSettings {
        LoadingSettings(
            searchPath: searchPath,
            isolation: isolation,
            cacheDirectory: cacheDirectory,
            quarantine: stateDirectory.map(Quarantine.init),
            limits: limits,
            pluginValues: pluginValues,
            python: python,
            trust: authorization.trust,
            offersUngrantedTools: authorization.offersUngrantedTools,
            log: { [logger] file in
                { level, message in logger?.log(severity: Int(level), message, plugin: file) }
            },
            output: output
        )
    }
}
