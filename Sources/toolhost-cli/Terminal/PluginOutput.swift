import ToolHost

/// The lines that plugins log and print, on standard error.
///
/// Each begins with `log: ` or `output: ` and the name of the plugin's file, so that none of them looks like a line of
/// the program.
enum PluginOutput {
    private static let levels: [TerminalLine] = ["debug", "info", "warning", "error"]
    /// The severity of a warning.
    private static let warning = 2

    /// Shows what plugins log and print.
    ///
    /// - Parameter all: True for everything; false for warnings and errors alone.
    static func show(in configuration: inout HostConfiguration, all: Bool) {
        configuration.log = { file, level, message in
            guard all || level >= warning else { return }
            let name: TerminalLine = all && levels.indices ~= level ? levels[level] + ": " : ""
            line("log", file, name + "\(message, limit: all ? 8192 : 500)")
        }
        if all { configuration.output = { file, text in line("output", file, "\(text)") } }
        // The plugins of this process write to its own descriptors.
        if case .inProcess = configuration.isolation { Console.reserveOutput() }
    }

    private static func line(_ kind: TerminalLine, _ file: String, _ text: TerminalLine) {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        Console.error.line("\(kind): \(name, limit: 200): \(text)", as: .log)
    }
}
