import ArgumentParser
import ToolHost
import ToolJSON

/// The verb `test`.
struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the examples that ship with tools.",
        discussion: """
            Names are tools, or plugins' files, whose tools are then all tested. Without names the tools of the plugins that \
            --plugins names are tested, or else every tool.

            Exits with 1 if the result of an example is not the expected one; with 4 if a plugin is broken or missing, or \
            nothing was tested; with 6 if what was named is withheld. Withheld plugins that were not named are skipped.

            EXAMPLES:
              toolhost test
              toolhost test get_temperature add
              toolhost test ./libWeather.so --json
              toolhost test --plugins ./build
            """
    )

    @Argument(help: ArgumentHelp("Tools, or .so and .tool.json files.", valueName: "file|tool")) var names: [String] =
        []
    @OptionGroup var options: CallOptions
    @Flag(help: "Print JSON.") var json = false

    private var files: [String] {
        names.filter { $0.contains("/") || $0.hasSuffix(".so") || $0.hasSuffix(".tool.json") }
    }

    func run() async throws {
        let files = files
        do throws(CommandFailure) {
            try options.checkPlaces()
        } catch {
            // A plugin that is missing is one that cannot be tested.
            throw CommandFailure(.pluginFailed, error.message)
        }
        // What is named is tested as it is, and not another plugin that has a better claim to its names.
        let places = names.isEmpty ? options.plugins : files.count == names.count ? files : []
        let host = try await options.host(also: files, warns: files.isEmpty) { configuration in
            // To test a tool is to ask for its examples.
            configuration.policy?.areCallsTyped = true
            guard !places.isEmpty else { return }
            configuration.searchPath = PluginSearchPath()
            for place in places { configuration.searchPath.add(place, isExplicit: true) }
        }
        let tools = try chosen(host, files)
        var results: [ExampleResult] = []
        var untested: [String] = []
        for tool in tools {
            if tool.examples.isEmpty { untested.append(tool.name) }
            let (part, isCancelled) = try await Interrupts.cancelling {
                (await host.runExamples(of: tool), Task.isCancelled)
            }
            // A cancelled call is no fault of the plugin.
            if isCancelled { throw CommandFailure(.interrupted, "cancelled") }
            if !json { for result in part { show(result) } }
            results += part
        }
        // What was named and cannot be tested has ended the command.
        let plugins = names.isEmpty ? host.plugins : []
        let withheld = plugins.filter { $0.obstacle == .withheld }
        let broken = plugins.filter { !$0.faults.isEmpty }
        let failed = results.count { $0.failure != nil }
        if json {
            Console.output.json([
                "passed": .int(results.count - failed), "failed": .int(failed),
                "without_examples": .array(untested.map(JSON.string)),
                "skipped": .array(withheld.map(\.brief)), "broken": .array(broken.map(\.brief)),
                "examples": .array(results.map(\.json)),
            ])
        } else {
            if !untested.isEmpty { Console.output.line("without examples: \(untested.joined(separator: ", "))") }
            for plugin in withheld {
                Console.output.line("skipped, because it is withheld: \(plugin.file, limit: 400)")
            }
            for plugin in broken {
                let mark = Console.output.styled("FAIL", .red)
                let faults = plugin.faults.joined(separator: " ")
                Console.output.line("\(mark)  \(plugin.file, limit: 400): \(faults, limit: 2000)")
            }
            Console.output.line("\(results.count - failed) passed, \(failed) failed")
        }
        if failed > 0 { throw CommandFailure(.toolError) }
        if !broken.isEmpty { throw CommandFailure(.pluginFailed) }
        if let plugin = withheld.first, !places.isEmpty { throw CommandFailure(nil, unavailableIn: plugin) }
        if results.isEmpty {
            throw CommandFailure(.pluginFailed, "Nothing was tested: no tool that was chosen has examples.")
        }
    }

    private func chosen(_ host: ToolHost, _ files: [String]) throws -> [RegisteredTool] {
        if names.isEmpty { return host.tools }
        var tools: [RegisteredTool] = []
        for name in names where !files.contains(name) { tools.append(try host.requiredTool(named: name)) }
        for file in files {
            let report = host.plugins.first { $0.file.hasSameBytes(as: file) }
            if let report, report.obstacle != nil { throw CommandFailure(nil, unavailableIn: report) }
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

extension PluginReport {
    /// The file and the reason why its tools are not tested, for programs.
    fileprivate var brief: JSON {
        let reason = faults.isEmpty ? obstacleSentence ?? "" : faults.joined(separator: " ")
        return ["file": .string(file), "reason": .string(reason)]
    }
}

extension ExampleResult {
    /// The result for programs.
    fileprivate var json: JSON {
        [
            "tool": .string(tool), "example": .int(index + 1), "passed": .bool(failure == nil),
            "failure": failure.map(JSON.string) ?? .null, "answers": .array(answers.map(\.json)),
        ]
    }
}
