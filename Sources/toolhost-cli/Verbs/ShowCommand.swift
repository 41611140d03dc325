import ArgumentParser
import OllamaClient
import ToolHost
import ToolJSON
import ToolSchema

/// The verb `show`.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one tool: what it does, what it takes, and what a model is sent.",
        discussion: """
            Ollama keeps a part of JSON Schema only. What it would drop is told in the descriptions instead; the rest of \
            the schema holds all the same, for the host checks every call. Both forms are shown, and what became of \
            each difference.

            --lint tells what confuses models, small ones above all, and exits with 1 where it finds something.

            EXAMPLES:
              toolhost show get_temperature
              toolhost show get_temperature --json
              toolhost show --lint
            """
    )

    @Argument(help: "The tool's name; with --lint, all tools if there is none.") var tool: String?
    @OptionGroup var options: HostOptions
    @Flag(help: "Tell what confuses models instead.") var lint = false
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        if tool == nil, !lint { throw ValidationError("Name a tool; toolhost list has their names.") }
    }

    func run() async throws {
        let host = try await options.host()
        let tool = try tool.map { try host.requiredTool(named: $0) }
        if lint { return try show(findings(of: tool, in: host)) }
        guard let tool else { return }
        let lowered = OllamaTools.lowered(tool.schema)
        if json {
            var members = tool.json.object ?? [:]
            members["sent"] = lowered.tool
            members["lowering"] = .array(lowered.notes.map(\.json))
            return Console.output.json(.object(members))
        }
        show(tool)
        show(lowered, of: tool)
    }

    // MARK: - Lint

    /// What is found at one tool, or at all; a name is good or bad only among the others.
    private func findings(of tool: RegisteredTool?, in host: ToolHost) -> [SchemaFinding] {
        let findings = SchemaLint.findings(in: host.tools.map(\.schema))
        return findings.filter { tool == nil || $0.tool == tool?.name }
    }

    private func show(_ findings: [SchemaFinding]) throws {
        if json {
            Console.output.json(.array(findings.map(\.json)))
        } else {
            for finding in findings {
                let place = finding.tool.isEmpty ? "all tools" : finding.tool + finding.path
                Console.output.line(
                    "\(place, limit: 200): \(finding.rule.rawValue): \(finding.message, limit: 600)"
                )
            }
            if findings.isEmpty { Console.error.line("Nothing was found.") }
        }
        if !findings.isEmpty { throw CommandFailure(.toolError) }
    }

    // MARK: - The tool

    private func show(_ tool: RegisteredTool) {
        let output = Console.output
        output.line(output.styled(escaping: tool.name, .bold))
        // No line of a description can pass for one of the lines below.
        output.lines(tool.description.split(separator: "\n").map { "  \($0)" })
        output.line("")
        showParameters(of: tool, output)
        if case .plugin(let name, let version, let file) = tool.source {
            output.line("Plugin:      \(name) \(version, limit: 100) (\(file))")
        }
        let marks = [
            tool.annotations.readOnly ? "changes nothing" : nil,
            tool.annotations.destructive ? "may destroy something" : nil,
            tool.annotations.idempotent ? "may be repeated" : nil,
        ].compactMap(\.self)
        if !marks.isEmpty { output.line("Effects:     \(marks.joined(separator: ", "))") }
        if let timeout = tool.timeout { output.line("Deadline:    \(timeout.brief)") }
        output.line("Examples:    \(tool.examples.count)")
    }

    private func show(_ lowered: LoweredTool, of tool: RegisteredTool) {
        let output = Console.output
        if !lowered.notes.isEmpty {
            output.line("")
            output.line("As its author wrote it:")
            output.json(.object(tool.parameters))
        }
        output.line("")
        output.line("As it is sent to a model:")
        output.json(lowered.tool)
        guard !lowered.notes.isEmpty else { return }
        output.line("")
        output.line("On the way:")
        for note in lowered.notes {
            let place = note.path.isEmpty ? "" : "\(note.path): "
            output.line("  \(note.kind.rawValue)  \(place, limit: 200)\(note.message, limit: 400)")
        }
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
            output.line("  \(name, limit: 100) (\(type, limit: 100), \(need))  \(text, limit: 300)")
        }
    }
}

extension LoweringNote {
    /// The note for programs: `path`, `kind`, `message`.
    fileprivate var json: JSON {
        ["path": .string(path), "kind": .string(kind.rawValue), "message": .string(message)]
    }
}

extension SchemaFinding {
    /// The finding for programs: `tool`, `path`, `rule`, `message`.
    fileprivate var json: JSON {
        ["tool": .string(tool), "path": .string(path), "rule": .string(rule.rawValue), "message": .string(message)]
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
        throw CommandFailure(.unknownTool, "Tool \(name, limit: 80) not found. \(rest, limit: 20_000)")
    }
}
