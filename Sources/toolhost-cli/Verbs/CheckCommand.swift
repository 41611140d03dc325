import ArgumentParser
import ToolBinding
import ToolHost
import ToolJSON

/// The verb `check`.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a binding or a plugin by its file.",
        discussion: """
            Loads the file as the host would, alone, finds the function of every tool in its library, and lists what \
            is not decided yet in a binding, which is no fault. Exits with 4 if something is wrong, or no tool is \
            offered, and with 74 if the file is not there.

            EXAMPLES:
              toolhost check sqlite.tool.json
              toolhost check ./libWeather.so --json
            """
    )

    @Argument(help: "A .tool.json or .so file.") var file: String
    @OptionGroup var options: HostOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let open: OpenDecisions
        do {
            open = try OpenDecisions(in: file)
        } catch {
            let exit: ExitStatus = error.cause == .notFound ? .inputOutput : .pluginFailed
            throw CommandFailure(exit, TerminalText(error.message).text)
        }
        let host = try await options.host(warns: false) { configuration in
            configuration.searchPath = PluginSearchPath()
            configuration.searchPath.add(file, isExplicit: true)
        }
        guard let report = host.plugins.first else {
            throw CommandFailure(.pluginFailed, TerminalText("\(file) is no plugin and no binding.").text)
        }
        if json {
            Console.output.json([
                "plugin": report.json, "undecided": .array(open.tools.map(\.json)),
                "types": .array(open.types.map(\.json)),
            ])
        } else {
            show(report, open)
        }
        if report.needsAttention { throw CommandFailure(.pluginFailed) }
    }

    private func show(_ report: PluginReport, _ open: OpenDecisions) {
        let output = Console.output
        switch report.state {
        case .broken(let reason):
            output.line("\(output.styled("BROKEN", .red))  " + TerminalText.line(reason, limit: 2000))
        case .ungranted(let lacking):
            output.line("Not offered before it is granted what it asks for.")
            output.line("  " + TerminalText.line(report.ungrantedSentence(lacking), limit: 2000))
        case .loaded, .shadowed:
            output.line("\(report.tools.count.counted("tool")): \(report.tools.joined(separator: ", "))")
        }
        for problem in report.problems {
            output.line("\(output.styled("WRONG", .red))  " + TerminalText.line(problem, limit: 2000))
        }
        for (title, decisions) in [("type", open.types), ("tool", open.tools)] where !decisions.isEmpty {
            output.line("\(decisions.count.counted(title)) not decided:")
            for decision in decisions {
                output.line("  " + TerminalText.line(decision.name, limit: 100))
                for question in decision.questions { output.line("      " + TerminalText.line(question, limit: 500)) }
            }
        }
    }
}
