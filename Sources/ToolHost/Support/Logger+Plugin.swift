package import Logging

extension Logger {
    /// Logs a message of a plugin, with its file in the metadata.
    ///
    /// - Parameter file: The real path of the plugin's file; "" for a tool of the program, which gets no metadata.
    package func log(_ level: Logger.Level, _ message: String, plugin file: String) {
        log(level: level, "\(message)", metadata: file.isEmpty ? nil : ["plugin": .string(file)], source: "ToolHost")
    }

    /// Logs a message of a plugin with a level of the plugin contract.
    ///
    /// - Parameter severity: From 0 (debug) to 3 (error); a value out of this range counts as the nearest one.
    package func log(severity: Int, _ message: String, plugin file: String) {
        let levels: [Logger.Level] = [.debug, .info, .warning, .error]
        log(levels[min(max(severity, 0), levels.count - 1)], message, plugin: file)
    }
}
