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

            --lint reports what confuses models, small ones above all, and exits with 1 if it finds something. It names \
            the plugins that are broken, whose tools could not be checked, and exits with 4 if there are any. A tool that \
            is withheld exits with 6, and a broken one with 4.

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

    /// What is found at one tool, or at all; a name is good or bad only among the others.
    private func findings(of tool: RegisteredTool?, in host: ToolHost) -> [SchemaFinding] {
        let findings = SchemaLint.findings(in: host.tools.map(\.schema))
        return findings.filter { tool == nil || $0.tool == tool?.name }
    }

    /// - Parameter plugins: The plugins; the tools of broken ones are not among those that were checked.
    private func show(_ findings: [SchemaFinding], unchecked plugins: [PluginReport]) throws {
        let faults = plugins.flatMap { plugin in plugin.faults.map { (file: plugin.file, fault: $0) } }
        if json {
            let unchecked = faults.map { file, fault -> JSON in
                ["tool": "", "path": "", "rule": "unchecked", "file": .string(file), "message": .string(fault)]
            }
            Console.output.json(.array(findings.map(\.json) + unchecked))
        } else {
            for finding in findings {
                let place = finding.tool.isEmpty ? "all tools" : finding.tool + finding.path
                Console.output.line(
                    "\(place, limit: 200): \(finding.rule.rawValue): \(finding.message, limit: 600)"
                )
            }
            for (file, fault) in faults {
                Console.output.line("\(file, limit: 300): could not be checked: \(fault, limit: 2000)")
            }
            if findings.isEmpty, faults.isEmpty { Console.error.line("Nothing was found.") }
        }
        if !faults.isEmpty { throw CommandError(.pluginFailed) }
        if !findings.isEmpty { throw CommandError(.toolError) }
    }

    // MARK: - The tool

    private func show(_ tool: RegisteredTool, _ lowered: LoweredTool) {
        let output = Console.output
        output.line(output.styled(escaping: tool.name, .bold))
        // No line of a description can pass for one of the lines below.
        output.lines(tool.description.split(separator: "\n").map { "  \($0)" })
        output.line("")
        Self.showParameters(of: lowered, output)
        if case .plugin(let name, let version, let file) = tool.source {
            output.line("Plugin:      \(name) \(version, limit: 100) (\(file))")
        }
        for file in tool.replacedFiles { output.line("Replaces:    the tool of the installed sample \(file)") }
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
    /// The tool of that name.
    ///
    /// - Throws: The failure that ends the command: with the state of a tool that is known and not offered, or for a name
    ///   of which nothing is known.
    func requiredTool(named name: String) throws(CommandError) -> RegisteredTool {
        if let tool = tool(named: name) { return tool }
        if let failure = failure(forUnavailable: name) { throw failure }
        let advice: TerminalLine = tools.isEmpty ? " See toolhost doctor." : ""
        let sentence = sentence(forUnknownTool: name, besides: unofferedNames)
        throw CommandError(.unknownTool, "\(sentence, limit: 20_000)\(advice)")
    }
}
