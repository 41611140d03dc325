import ArgumentParser
import Terminal
import ToolAgent
import ToolHost
import ToolJSON

/// The verb `test`.
struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the examples that ship with tools, or replay a chat with them.",
        usage: "toolhost test [<options>] [<file|tool> ...]",
        discussion: """
            Each argument is a tool, or the file of a plugin, whose tools are all tested. If all arguments are files, no \
            other plugin is loaded. Without arguments, the tools of the plugins that --plugins names are tested, or else \
            all tools. Withheld plugins that are not named are skipped.

            Exits with 1 if an example has an unexpected result; with 4 if a plugin is broken or missing, or if nothing \
            was tested; with 6 if a named plugin is withheld.

            --replay FILE tests tools in a whole chat, without a model. FILE is a recording of chat --record. The model's \
            replies are the recorded ones. Calls of the named tools run, and need the same permissions and confirmation as \
            in a chat; the results of all other calls are the recorded ones. Each new result is compared with the \
            recorded one: another status fails, and other content is only shown. With --exact, other content fails, too. \
            --update writes the new results into FILE. If FILE does not fit, such as after a change of the agent, test \
            exits with 2.

            EXAMPLES:
              toolhost test
              toolhost test get_temperature add
              toolhost test ./libWeather.so --json
              toolhost test --plugins ./build
              toolhost test ./libWeather.so --replay weather.jsonl
            """
    )

    @Argument(
        help: ArgumentHelp("Tools, or .so, .py and .tool.json files. Default: all tools.", valueName: "file|tool")
    )
    var names: [String] =
        []
    @OptionGroup var options: HostOptions
    @OptionGroup var deadline: DeadlineOption
    @Option(help: ArgumentHelp("Test the tools in the chat that a file records.", valueName: "file"))
    var replay: String?
    @Flag(help: "With --replay: fail if the content of a result differs.") var exact = false
    @Flag(help: "With --replay: write the new results into the recording.") var update = false
    @Flag(help: "Print JSON.") var json = false

    private var files: [String] {
        names.filter { name in name.contains("/") || [".so", ".py", ".tool.json"].contains(where: name.hasSuffix) }
    }

    func validate() throws {
        guard replay != nil || !exact && !update else { throw ValidationError("--exact and --update need --replay.") }
        guard !exact || !update else { throw ValidationError("Use only one of --exact and --update.") }
        guard replay == nil || !names.isEmpty || !options.plugins.isEmpty else {
            throw ValidationError("--replay needs the tools to test: name them or their files, or give --plugins.")
        }
        guard replay != "-" || !update else { throw ValidationError("--update needs a recording in a file.") }
        guard !files.isEmpty, files.count == names.count, !options.plugins.isEmpty else { return }
        throw ValidationError("test loads only the named files: omit --plugins.")
    }

    func run() async throws {
        let files = files
        let recording = try replay.map { path throws(CommandError) in try RecordingOptions.recording(path) }
        do throws(CommandError) {
            try options.checkPlaces()
        } catch {
            // A missing plugin counts as one that cannot be tested.
            throw CommandError(.pluginFailed, error.message)
        }
        // Only the named plugins are loaded, so that no other plugin has tools with the same names.
        let places = names.isEmpty ? options.plugins : files.count == names.count ? files : []
        let host = try await options.host(
            also: places.isEmpty ? files : [],
            warns: files.isEmpty,
            timeout: deadline.timeout
        ) { configuration in
            if let recording { configuration.limits.calls = recording.calls }
            guard !places.isEmpty else { return }
            configuration.searchPath = PluginSearchPath()
            for place in places { configuration.searchPath.add(place, isExplicit: true) }
        }
        let (tools, failures) = chosen(host, files)
        if tools.isEmpty, let failure = failures.first { throw report(failures, before: failure) }
        if let recording, let replay {
            // The recorded result of a tool that cannot be tested would take its place.
            if let failure = failures.first { throw report(failures, before: failure) }
            let unusable = host.plugins.first { ![nil, .shadowed].contains($0.obstacle) }
            if names.isEmpty, let plugin = unusable {
                throw CommandError(nil, unavailableIn: plugin)
            }
            return try await runReplay(recording, from: replay, tools, in: host)
        }
        var results: [ExampleResult] = []
        var untested: [String] = []
        for tool in tools {
            if tool.examples.isEmpty { untested.append(tool.name) }
            let (part, isCancelled) = try await Interrupts.cancelling {
                (await host.runExamples(of: tool, origin: .user), Task.isCancelled)
            }
            // A cancelled call is not a fault of the plugin.
            if isCancelled { throw CommandError(.interrupted, "cancelled") }
            if !json { for result in part { show(result) } }
            results += part
        }
        // Names that cannot be tested are among the failures.
        let plugins = names.isEmpty ? host.plugins : []
        let withheld = plugins.filter { $0.obstacle == .withheld }
        let broken = plugins.filter { !$0.testProblems.isEmpty }
        let failed = results.count { $0.failure != nil }
        if json {
            Console.output.json([
                "passed": .int(results.count - failed), "failed": .int(failed),
                "without_examples": .array(untested.map(JSON.string)),
                "skipped": .array(withheld.map(\.brief)), "broken": .array(broken.map(\.brief)),
                "failures": .array(failures.map { .string($0.message.text) }),
                "examples": .array(results.map(\.json)),
            ])
        } else {
            if !untested.isEmpty { Console.output.line("without examples: \(untested.joined(separator: ", "))") }
            for plugin in withheld {
                Console.output.line("skipped, because it is withheld: \(plugin.file, limit: 400)")
            }
            for plugin in broken {
                let mark = Console.output.styled("FAIL", .red)
                let problems = plugin.testProblems.joined(separator: " ")
                Console.output.line("\(mark)  \(plugin.file, limit: 400): \(problems, limit: 2000)")
            }
            Console.output.line("\(results.count - failed) passed, \(failed) failed")
        }
        if failed > 0 { throw CommandError(.toolError) }
        if let failure = failures.first { throw report(failures, before: failure) }
        if !broken.isEmpty { throw CommandError(.pluginFailed) }
        if let plugin = withheld.first, !places.isEmpty { throw CommandError(nil, unavailableIn: plugin) }
        if results.isEmpty {
            throw CommandError(.pluginFailed, "Nothing was tested: none of the chosen tools has examples.")
        }
    }

    /// Returns the tools to test, and the errors for names whose tools cannot all be tested.
    private func chosen(_ host: ToolHost, _ files: [String]) -> ([RegisteredTool], [CommandError]) {
        if names.isEmpty { return (host.tools, []) }
        var tools: [RegisteredTool] = []
        var failures: [CommandError] = []
        for name in names where !files.contains(name) {
            do throws(CommandError) {
                tools.append(try host.requiredTool(named: name))
            } catch {
                failures.append(error)
            }
        }
        for file in files {
            let report = host.plugins.first { $0.file.hasSameBytes(as: file) }
            if let report, report.obstacle != nil {
                failures.append(CommandError(nil, unavailableIn: report))
                continue
            }
            for problem in report?.problems ?? [] {
                failures.append(CommandError(.pluginFailed, "\(file, limit: 400): \(problem, limit: 2000)"))
            }
            tools += (report?.tools ?? []).compactMap { host.tool(named: $0) }
        }
        return (tools, failures)
    }

    /// Reports all failures but the first, and returns the first, which ends the command.
    private func report(_ failures: [CommandError], before first: CommandError) -> CommandError {
        for failure in failures.dropFirst() { Console.error.line("toolhost: \(failure.message)") }
        return first
    }

    private func show(_ result: ExampleResult) {
        let name = "\(result.tool) example \(result.index + 1)"
        if let failure = result.failure {
            let mark = Console.output.styled("FAIL", .red)
            // The output waits while a question about the calls of the next tool is open.
            Console.output.line("\(mark)  \(name): \(failure, limit: 1000)", as: .event)
        } else {
            Console.output.line("\(Console.output.styled("ok", .green))    \(name)")
        }
    }
}

extension PluginReport {
    /// The file, and the reason why its tools are not tested, as JSON.
    fileprivate var brief: JSON {
        let reason = testProblems.isEmpty ? obstacleSentence ?? "" : testProblems.joined(separator: " ")
        return ["file": .string(file), "reason": .string(reason)]
    }
}

extension ExampleResult {
    /// The result as JSON.
    fileprivate var json: JSON {
        [
            "tool": .string(tool), "example": .int(index + 1), "passed": .bool(failure == nil),
            "failure": failure.map(JSON.string) ?? .null, "results": .array(results.map(\.json)),
        ]
    }
}
