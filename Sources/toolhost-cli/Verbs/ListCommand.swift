import ArgumentParser
import OllamaClient
import Terminal
import ToolAgent
import ToolHost
import ToolJSON

/// The verb `list`.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the tools that are offered.",
        usage: "toolhost list [<options>]",
        discussion: """
            --ollama prints exactly the "tools" array of a request to /api/chat. Withheld and broken plugins are \
            reported on standard error.

            If several plugins have a tool of the same name, one of them offers it. The order of precedence is: a file \
            named with --plugins, a trusted plugin (of two, the one that was trusted later), a directory named with \
            --plugins, your own directories, the installed samples. Two untrusted plugins in your directories conflict, \
            and neither offers the tool. A withheld or broken plugin takes no name from another plugin, unless you trust \
            it or name its file; then no plugin offers the tool. A note names the samples that your plugins replace. \
            {"samples": false} in the configuration turns the samples off.

            EXAMPLES:
              toolhost list
              toolhost list --plugins ./build
              toolhost list --ollama > tools.json
            """
    )

    @OptionGroup var options: HostOptions
    @Flag(help: "Print JSON with the authored schemas.") var json = false
    @Flag(help: "Print the \"tools\" array for /api/chat.") var ollama = false

    func validate() throws {
        if json, ollama { throw ValidationError("Use either --json or --ollama.") }
    }

    func run() async throws {
        let host = try await options.host()
        let tools = host.tools
        if ollama {
            Console.output.json(.array(tools.map { OllamaTools.tool(for: $0.schema).neutralised }), .compact)
        } else if json {
            Console.output.json(.array(tools.map(\.json)))
        } else if tools.isEmpty {
            let advice: TerminalLine =
                host.plugins.isEmpty
                ? "Put plugins into a directory, and name it with --plugins DIR"
                : "No plugin that was found is offered"
            let samples = options.samplesSentence(host.configuration).map { TerminalLine(" \($0)", limit: 2000) } ?? ""
            Console.error.line("No tools. \(advice); see toolhost doctor." + samples)
        } else {
            let width = tools.map(\.name.count).max() ?? 0
            let lines = tools.map { tool in
                let name = tool.name + String(repeating: " ", count: width - tool.name.count)
                let summary = tool.description.split(separator: "\n").first.map(String.init) ?? ""
                return Console.output.styled(escaping: name, .bold) + "  \(summary, limit: 200)"
            }
            // One write: a thousand lines would take a thousand system calls.
            Console.output.lines(lines)
        }
    }
}
