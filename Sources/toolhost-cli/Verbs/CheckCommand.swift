import ArgumentParser
import Terminal
import ToolBinding
import ToolHost
import ToolJSON

/// The verb `check`.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check one plugin or binding by its file.",
        usage: "toolhost check [<options>] <file>",
        discussion: """
            Loads only this file, in the same way as all other verbs, and finds the function of every tool in its \
            library. Lists the open questions of a binding, which are not errors.

            Exits with 4 if the file has an error or offers no tool, and with 74 if it does not exist.

            EXAMPLES:
              toolhost check sqlite.tool.json
              toolhost check ./libWeather.so --json
            """
    )

    @Argument(help: "A .so, .py or .tool.json file.") var file: String
    @OptionGroup var options: HostOptions
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        if !options.plugins.isEmpty || options.leavesOutDefaults {
            throw ValidationError("check loads only the named file: omit --plugins and --no-default-plugins.")
        }
    }

    func run() async throws {
        let open: OpenDecisions
        do {
            open = try OpenDecisions(in: file)
        } catch {
            let exit: ExitStatus = error.code == .notFound ? .inputOutput : .pluginFailed
            throw CommandError(exit, escaping: error.message)
        }
        let host = try await options.host(warns: false) { configuration in
            configuration.searchPath = PluginSearchPath()
            configuration.searchPath.add(file, isExplicit: true)
        }
        guard let report = host.plugins.first else {
            throw CommandError(.pluginFailed, "\(file) is neither a plugin nor a binding.")
        }
        if json {
            Console.output.json([
                "plugin": report.json, "undecided": .array(open.tools.map(\.json)),
                "types": .array(open.types.map(\.json)), "faults": .array(open.faults.map(JSON.string)),
            ])
        } else {
            show(report, open)
        }
        if report.needsAttention || !open.faults.isEmpty { throw CommandError(.pluginFailed) }
    }

    private func show(_ report: PluginReport, _ open: OpenDecisions) {
        let output = Console.output
        switch report.state {
        case .broken(let error):
            output.line("\(output.styled("BROKEN", .red))  \(report.withRemedies(error.message), limit: 2000)")
        case .ungranted(let lacking):
            output.line("Not offered until its permissions are granted.")
            output.line("  \(report.withRemedies(report.ungrantedSentence(lacking)), limit: 2000)")
        case .shadowed, .contested:
            output.line("\(report.obstacleSentence ?? "", limit: 2000)")
        case .loaded:
            output.line("\(report.tools.count.counted("tool")): \(report.tools.joined(separator: ", "))")
        }
        for problem in report.problems {
            output.line("\(output.styled("WRONG", .red))  \(problem, limit: 2000)")
        }
        // The host reports a fault of a type only with the tools that use the type.
        var shown = report.problems
        if case .broken(let error) = report.state { shown.append(error.message) }
        for fault in open.faults where !shown.contains(where: { $0.contains(fault) }) {
            output.line("\(output.styled("WRONG", .red))  \(fault, limit: 2000)")
        }
        for (title, decisions) in [("type", open.types), ("tool", open.tools)] where !decisions.isEmpty {
            output.line("\(decisions.count.counted(title)) not decided:")
            for decision in decisions {
                output.line("  \(decision.name, limit: 100)")
                for question in decision.questions { output.line("      \(question, limit: 500)") }
            }
        }
    }
}
