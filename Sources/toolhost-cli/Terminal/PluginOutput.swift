import Logging
import ToolHost

/// The display of log messages and output of plugins on standard error.
///
/// Each line begins with `log: ` or `output: ` and the name of the plugin's file, so that none of them looks like a line
/// of the program.
enum PluginOutput {
    /// Shows what plugins log and print.
    ///
    /// - Parameter all: True for everything; false for warnings and errors only.
    static func show(in configuration: inout HostConfiguration, all: Bool) {
        configuration.logger = Logger(label: "toolhost") { _ in
            PluginLogHandler(logLevel: all ? .debug : .warning) { file, level, message in
                let name: TerminalLine = all ? "\(level.rawValue): " : ""
                line("log", file, name + "\(message, limit: all ? 8192 : 500)")
            }
        }
        if all { configuration.output = { file, text in line("output", file, "\(text)") } }
        // Plugins in this process write to its descriptors.
        if case .inProcess = configuration.isolation { Console.reserveOutput() }
    }

    private static func line(_ kind: TerminalLine, _ file: String, _ text: TerminalLine) {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        Console.error.line("\(kind): \(name, limit: 200): \(text)", as: .log)
    }
}
