import ArgumentParser
import OllamaClient
import Terminal
import ToolHost
import ToolJSON
import ToolSchema

/// The verb `show`.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a tool: its description, its parameters, and the schema that a model receives.",
        usage: "toolhost show [<options>] [<tool>]",
        discussion: """
            Ollama supports only a part of JSON Schema. The descriptions that a model receives state the keywords that \
            Ollama drops, and every call is validated against the whole schema. show prints both forms and their \
            differences.

            --lint reports what confuses models, small ones in particular, and exits with 1 if there are findings. It \
            also reports the broken plugins, whose tools cannot be checked, and exits with 4 if there are any.

            Exits with 3 for an unknown tool, with 4 for a tool of a broken plugin, and with 6 for a withheld tool.

            EXAMPLES:
              toolhost show get_temperature
              toolhost show get_temperature --json
              toolhost show --lint
            """
    )

    @Argument(help: "The name of the tool; with --lint and no name, all tools.") var tool: String?
    @OptionGroup var options: HostOptions
    @Flag(help: "Report what confuses models, instead of the tool.") var lint = false
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        if tool == nil, !lint { throw ValidationError("Name a tool; toolhost list prints the names.") }
    }

    func run() async throws {
        let host = try await options.host()
        let tool = try tool.map { try host.requiredTool(named: $0) }
        if lint { return try show(findings(of: tool, in: host), unchecked: tool == nil ? host.plugins : []) }
        guard let tool else { return }
        let lowered = OllamaTools.lowered(tool.schema)
        if json {
            var members = tool.json.object ?? [:]
            members["sent"] = lowered.tool
            members["lowering"] = .array(lowered.notes.map(\.json))
            return Console.output.json(.object(members))
        }
        show(tool, lowered)
        show(lowered, of: tool)
    }

    // MARK: - Lint

    /// Returns the findings about one tool, or about all; names are compared with those of all tools.
    private func findings(of tool: RegisteredTool?, in host: ToolHost) -> [SchemaFinding] {
        let findings = SchemaLint.findings(in: host.tools.map(\.schema))
        return findings.filter { tool == nil || $0.tool == tool?.name }
    }

    /// - Parameter plugins: All plugins that were checked; the tools of broken ones are reported as unchecked.
    private func show(_ findings: [SchemaFinding], unchecked plugins: [PluginReport]) throws {
        let problems = plugins.flatMap { plugin in plugin.testProblems.map { (file: plugin.file, sentence: $0) } }
        if json {
            let unchecked = problems.map { file, sentence -> JSON in
                ["tool": "", "path": "", "rule": "unchecked", "file": .string(file), "message": .string(sentence)]
            }
            Console.output.json(.array(findings.map(\.json) + unchecked))
        } else {
            for finding in findings {
                let place = finding.tool.isEmpty ? "all tools" : finding.tool + finding.path
                Console.output.line(
                    "\(place, limit: 200): \(finding.rule.rawValue): \(finding.message, limit: 600)"
                )
            }
            for (file, sentence) in problems {
                Console.output.line("\(file, limit: 300): could not be checked: \(sentence, limit: 2000)")
            }
            if findings.isEmpty, problems.isEmpty { Console.error.line("There are no findings.") }
        }
        if !problems.isEmpty { throw CommandError(.pluginFailed) }
        if !findings.isEmpty { throw CommandError(.toolError) }
    }

    // MARK: - The tool

    private func show(_ tool: RegisteredTool, _ lowered: LoweredTool) {
        let output = Console.output
        output.line(output.styled(escaping: tool.name, .bold))
        // The margin prevents that a line of a description looks like one of the lines below.
        output.lines(tool.description.split(separator: "\n").map { "  \($0)" })
        output.line("")
        Self.showParameters(of: lowered, output)
        if let file = tool.provider.file {
            output.line("Plugin:      \(tool.provider.name) \(tool.provider.version, limit: 100) (\(file))")
        }
        for file in tool.replacedFiles { output.line("Replaces:    the tool of the installed sample \(file)") }
        let marks = [
            tool.annotations.readOnly ? "changes nothing" : nil,
            tool.annotations.destructive ? "may destroy data" : nil,
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
            output.line("Authored parameters:")
            output.json(.object(tool.parameters))
        }
        output.line("")
        output.line("As a model receives it:")
        output.json(lowered.tool)
        guard !lowered.notes.isEmpty else { return }
        output.line("")
        output.line("Differences:")
        for note in lowered.notes {
            let place = note.path.isEmpty ? "" : "\(note.path): "
            output.line("  \(note.kind.rawValue)  \(place, limit: 200)\(note.message, limit: 400)")
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
