import ArgumentParser
import OllamaClient
import ToolHost
import ToolJSON

/// The verb `show`.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one tool: what it does, what it takes, and what a model is sent.",
        discussion: """
            EXAMPLES:
              toolhost show get_temperature
              toolhost show get_temperature --json
            """
    )

    @Argument(help: "The tool's name.") var tool: String
    @OptionGroup var options: HostOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let tool = try await options.host().requiredTool(named: tool)
        let sent = OllamaTools.tool(for: tool.schema)
        if json {
            var members = tool.json.object ?? [:]
            members["sent"] = sent
            return Console.output.json(.object(members))
        }
        let output = Console.output
        output.line(output.styled(tool.name, .bold))
        if !tool.description.isEmpty { output.write(tool.description + "\n") }
        output.line("")
        showParameters(of: tool, output)
        if case .plugin(let name, let version, let file) = tool.source {
            output.line("Plugin:      " + TerminalText.line("\(name) \(version) (\(file))", limit: 400))
        }
        let marks = [
            tool.annotations.readOnly ? "changes nothing" : nil,
            tool.annotations.destructive ? "may destroy something" : nil,
            tool.annotations.idempotent ? "may be repeated" : nil,
        ].compactMap(\.self)
        if !marks.isEmpty { output.line("Effects:     " + marks.joined(separator: ", ")) }
        if let timeout = tool.timeout { output.line("Deadline:    \(timeout.brief)") }
        output.line("Examples:    \(tool.examples.count)")
        output.line("")
        output.line("As it is sent to a model:")
        output.json(sent)
    }

    private func showParameters(of tool: RegisteredTool, _ output: Console) {
        let properties = tool.parameters["properties"]?.object ?? [:]
        let required = Set((tool.parameters["required"]?.array ?? []).compactMap(\.string))
        if properties.isEmpty { return output.line("Parameters:  none") }
        output.line("Parameters:")
        for (name, property) in properties {
            let type = property["type"].map { $0.string ?? $0.text() } ?? "any type"
            let need = required.contains(name) ? "required" : "optional"
            let text = property["description"]?.string ?? ""
            output.line("  " + TerminalText.line("\(name) (\(type), \(need))  \(text)", limit: 300))
        }
    }
}

extension ToolHost {
    /// The tool of that name, or the end of the command.
    func requiredTool(named name: String) throws(CommandFailure) -> RegisteredTool {
        if let tool = tool(named: name) { return tool }
        let names = tools.map(\.name)
        let rest =
            names.isEmpty
            ? "There are no tools; see toolhost doctor." : "The tools are: \(names.joined(separator: ", "))."
        throw CommandFailure(.unknownTool, "Tool \(TerminalText.line(name, limit: 80)) not found. \(rest)")
    }
}
