import ArgumentParser
import ToolHost
import ToolJSON

/// The verb `test`.
struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the examples that ship with tools.",
        discussion: """
            Names are tools, or plugins' files, whose tools are then all tested. Without any, every tool is. Exits with 1 if \
            an example does not come out as it says.

            EXAMPLES:
              toolhost test
              toolhost test get_temperature add
              toolhost test ./libWeather.so --json
            """
    )

    @Argument(help: ArgumentHelp("Tools, or .so and .tool.json files.", valueName: "file|tool")) var names: [String] =
        []
    @OptionGroup var options: HostOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let files = names.filter { $0.contains("/") || $0.hasSuffix(".so") || $0.hasSuffix(".tool.json") }
        // To test a tool is to ask for its examples.
        let host = try await options.host(also: files, warns: files.isEmpty) { $0.policy?.areCallsTyped = true }
        let tools = try chosen(host, files)
        var results: [ExampleResult] = []
        var untested: [String] = []
        for tool in tools {
            if tool.examples.isEmpty { untested.append(tool.name) }
            let (part, isCancelled) = try await Interrupts.cancelling {
                (await host.runExamples(of: tool), Task.isCancelled)
            }
            // What was broken off says nothing about the plugin.
            if isCancelled { throw CommandFailure(.interrupted, "cancelled") }
            if !json { for result in part { show(result) } }
            results += part
        }
        let failed = results.count { $0.failure != nil }
        if json {
            Console.output.json([
                "passed": .int(results.count - failed), "failed": .int(failed),
                "without_examples": .array(untested.map(JSON.string)),
                "examples": .array(results.map(\.json)),
            ])
        } else {
            if !untested.isEmpty { Console.output.line("without examples: \(untested.joined(separator: ", "))") }
            Console.output.line("\(results.count - failed) passed, \(failed) failed")
        }
        if failed > 0 { throw CommandFailure(.toolError) }
    }

    private func chosen(_ host: ToolHost, _ files: [String]) throws -> [RegisteredTool] {
        if names.isEmpty { return host.tools }
        var tools: [RegisteredTool] = []
        for name in names where !files.contains(name) { tools.append(try host.requiredTool(named: name)) }
        for file in files {
            let report = host.plugins.first { $0.file.hasSameBytes(as: file) }
            if case .broken(let reason)? = report?.state {
                throw CommandFailure(.pluginFailed, "\(file): \(reason)")
            }
            for problem in report?.problems ?? [] {
                throw CommandFailure(.pluginFailed, "\(file): \(problem)")
            }
            tools += (report?.tools ?? []).compactMap { host.tool(named: $0) }
        }
        return tools
    }

    private func show(_ result: ExampleResult) {
        let name = "\(result.tool) example \(result.index + 1)"
        if let failure = result.failure {
            let mark = Console.output.styled("FAIL", .red)
            // A question about the calls of the next tool may follow.
            Console.output.line("\(mark)  \(name): \(failure, limit: 1000)", as: .event)
        } else {
            Console.output.line("\(Console.output.styled("ok", .green))    \(name)")
        }
    }
}

extension ExampleResult {
    /// Everything about a result, for programs.
    fileprivate var json: JSON {
        [
            "tool": .string(tool), "example": .int(index + 1), "passed": .bool(failure == nil),
            "failure": failure.map(JSON.string) ?? .null, "answers": .array(answers.map(\.json)),
        ]
    }
}
