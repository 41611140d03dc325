import ArgumentParser
import OllamaClient
import ToolHost
import ToolJSON

/// The verb `list`.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the tools that are offered.",
        discussion: """
            With --ollama it prints exactly the "tools" array of a request to /api/chat.

            Where two plugins have a tool of one name, one of them offers it: a file named with --plugins comes first, then \
            a plugin that you trust (of two, the one trusted later), then a directory named with --plugins, then your own \
            directories, then the installed samples. A plugin that is withheld or broken takes no name from another, unless \
            you trust it or have named its file: then the tool is not offered at all. Of two untrusted plugins in your \
            directories neither offers the tool. A note says which samples your plugins replace; {"samples": false} in the \
            configuration turns the samples off.

            EXAMPLES:
              toolhost list
              toolhost list --plugins ./build
              toolhost list --ollama > tools.json
            """
    )

    @OptionGroup var options: HostOptions
    @Flag(help: "Print JSON, with every schema as its author wrote it.") var json = false
    @Flag(help: "Print the tools array for /api/chat.") var ollama = false

    func validate() throws {
        if json, ollama { throw ValidationError("--json and --ollama exclude each other.") }
    }

    func run() async throws {
        let host = try await options.host()
        let tools = host.tools
        if ollama {
            Console.output.json(.array(tools.map { OllamaTools.tool(for: $0.schema) }), .compact)
        } else if json {
            Console.output.json(.array(tools.map(\.json)))
        } else if tools.isEmpty {
            let advice: TerminalLine =
                host.plugins.isEmpty
                ? "Put plugins into a directory and name it with --plugins DIR"
                : "None of the plugins that were found is offered now"
            let samples = options.samplesSentence(host.configuration).map { TerminalLine(" \($0)", limit: 2000) } ?? ""
            Console.error.line("No tools. \(advice); see toolhost doctor." + samples)
        } else {
            let width = tools.map(\.name.count).max() ?? 0
            let lines = tools.map { tool in
                let name = tool.name + String(repeating: " ", count: width - tool.name.count)
                let summary = tool.description.split(separator: "\n").first.map(String.init) ?? ""
                return Console.output.styled(escaping: name, .bold) + "  \(summary, limit: 200)"
            }
            // In one piece: a thousand tools would take a thousand system calls.
            Console.output.lines(lines)
        }
    }
}

extension RegisteredTool {
    /// Everything about a tool, for programs.
    var json: JSON {
        var members: JSONObject = ["name": .string(name), "description": .string(description)]
        switch source {
        case .plugin(let name, let version, let file):
            members["plugin"] = ["name": .string(name), "version": .string(version), "file": .string(file)]
        case .program:
            members["plugin"] = nil
        }
        if let access {
            members["granted"] = access.granted.json
            members["trusted"] = .bool(access.isTrusted)
            members["changed"] = .bool(access.wasTrusted)
            members["unresolved"] = access.unresolved.json
            members["changed_keys"] = .array(access.changedKeys.map(JSON.string))
            members["withheld"] = .array(access.withheld.map(JSON.string))
            members["sandbox"] = sandbox?.json ?? .null
        }
        if !replacedFiles.isEmpty { members["replaces"] = .array(replacedFiles.map(JSON.string)) }
        members["annotations"] = [
            "readOnly": .bool(annotations.readOnly), "destructive": .bool(annotations.destructive),
            "idempotent": .bool(annotations.idempotent),
        ]
        members["timeout"] = timeout.map { .double($0.inSeconds) }
        members["examples"] = .int(examples.count)
        members["schema"] = .object(schema)
        return .object(members)
    }
}
