import ArgumentParser
import Terminal
import ToolHost
import ToolJSON

/// The verb `bench`.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure what a call of a tool costs.",
        usage: "toolhost bench [<options>] [<tool> [<json>]]",
        discussion: """
            Calls a tool again and again with the same arguments, one call after another and then in batches of 8 \
            parallel calls. Prints the durations that 50, 90 and 99 % of the calls do not exceed, and the stages of a \
            typical call: parse its arguments, check them against the schema, authorize it, the call itself, and the \
            transport to the tool and back. On a terminal, a histogram follows.

            The arguments are those of the command line, as for the verb call, or those of the tool's first example. \
            Without a tool, all tools are measured that have an example and declare that they are read-only or \
            idempotent; calls that need your confirmation are skipped.

            The tool runs in its confined process. With --in-process, it runs in this process as well, without \
            protection, and both are printed. A tool that declares neither read-only nor idempotent is called only \
            after a question, or with --calls. Ctrl-C prints the calls so far.

            EXAMPLES:
              toolhost bench get_temperature
              toolhost bench add --arg a=1 --arg b=2 --in-process
              toolhost bench crc32 --seconds 5 --json
              toolhost bench
            """
    )

    @Argument(help: ArgumentHelp("The name of the tool. Default: all tools that do no harm.")) var tool: String?
    @OptionGroup var arguments: ToolArguments
    @OptionGroup var options: HostOptions
    @OptionGroup var deadline: DeadlineOption
    @Option(
        help: ArgumentHelp(
            "The number of calls to measure, one by one and again in batches: 1 to 100000.",
            valueName: "number"
        ),
        transform: NumberOption.integer(in: 1...BenchmarkLimits.maximumCalls)
    )
    var calls: Int?
    @Option(
        help: ArgumentHelp(
            """
            The time for the calls one by one, and again for the batches. Default: 1, or 0.2 without a tool; with \
            --calls, no limit.
            """,
            valueName: "seconds"
        ),
        transform: NumberOption.seconds
    )
    var seconds: Double?
    @Flag(help: "Print JSON; all times are in nanoseconds.") var json = false

    private var limits: BenchmarkLimits {
        let seconds = seconds ?? (calls != nil ? nil : tool == nil ? 0.2 : 1)
        return BenchmarkLimits(calls: calls, duration: seconds.map { .seconds($0) })
    }

    func validate() throws {
        if tool == nil, !arguments.isEmpty { throw ValidationError("Name the tool that the arguments are for.") }
    }

    func run() async throws {
        let single = try arguments.singleArguments()
        var isolated = options
        isolated.inProcess = false
        let host = try await isolated.host(notes: tool.map { .ofTool($0) } ?? .verbose, timeout: deadline.timeout) {
            // Without a named tool, no call has the user's consent.
            if tool == nil { ($0.authorization.asker, $0.authorization.offersUngrantedTools) = (nil, false) }
        }
        let benchmarks: [ToolBenchmark]
        if let tool {
            benchmarks = [try await benchmark(of: tool, single, host)]
        } else {
            benchmarks = try self.benchmarks(of: host)
        }
        var hosts = [(place: ToolBenchmark.Place.isolated, host: host)]
        if options.inProcess { hosts.append((.inProcess, try await inProcessHost(like: host, benchmarks))) }

        let isMany = tool == nil
        let table = BenchmarkTable(width: isMany ? (benchmarks.map { $0.tool.name.count }.max() ?? 0) + 1 : 14)
        if isMany, !json { Console.output.line(table.heading) }
        let run = BenchmarkRun(
            hosts: hosts,
            benchmarks: benchmarks,
            limits: limits,
            willMeasure: { benchmark, place in
                guard Console.error.isTerminal, !isMany || json else { return }
                let line: TerminalLine = "  measuring \(benchmark.tool.name), \(place.rawValue) …"
                Console.error.line(Console.error.styled(line, .dim))
            },
            didMeasure: { [json] benchmark, row in
                if isMany, !json { Console.output.line(table.summary(benchmark.tool.name, row)) }
            }
        )
        let outcome = try await Interrupts.cancelling { await run.outcome() }
        if json {
            Console.output.json([
                "tools": .array(outcome.rows.map { $0.benchmark.json($0.rows) }),
                "interrupted": .bool(outcome.isInterrupted),
            ])
        } else if !isMany {
            for (benchmark, rows) in outcome.rows { show(benchmark, rows, table) }
        }
        try finish(outcome)
    }

    // MARK: - The tools

    private func benchmark(
        of name: String,
        _ single: [ArgumentOption],
        _ host: ToolHost
    ) async throws -> ToolBenchmark {
        let tool = try host.requiredTool(named: name)
        if deadline.timeout != nil, let own = tool.timeout {
            Console.error.note("--timeout has no effect: \(tool.name) sets its own deadline, \(own.brief).")
        }
        let example = arguments.isEmpty ? ToolBenchmark(exampleOf: tool, origin: .user) : nil
        let given = arguments.isEmpty ? JSON.object([:]) : try arguments.value(single, for: tool)
        let benchmark = example ?? ToolBenchmark(tool: tool, arguments: given.text(), origin: .user)
        if !benchmark.isRepeatable, calls == nil { try await confirm(tool) }
        return benchmark
    }

    /// Asks whether a tool that may change something is called many times.
    private func confirm(_ tool: RegisteredTool) async throws(CommandError) {
        let reason: TerminalLine =
            "\(tool.name) declares neither read-only nor idempotent, so each call may change something."
        let advice: TerminalLine = "To bound the number of calls: --calls 100"
        guard Prompter.isPossible else { throw CommandError(.denied, reason + " " + advice) }
        let answer = await Prompter.answer(summary: { [reason, "Call it many times? " + advice] })
        if answer != .yes { throw CommandError(.denied, "\(tool.name) was not called.") }
    }

    private func benchmarks(of host: ToolHost) throws(CommandError) -> [ToolBenchmark] {
        let benchmarks = host.tools.filter { !$0.annotations.destructive }
            .compactMap { ToolBenchmark(exampleOf: $0, origin: .model) }.filter(\.isRepeatable)
        if benchmarks.isEmpty {
            throw CommandError(
                .pluginFailed,
                "Nothing was measured: no tool has an example and declares that it is read-only or idempotent."
            )
        }
        return benchmarks
    }

    /// Creates a host that runs the plugins of the tools in this process, and loads no others.
    private func inProcessHost(like host: ToolHost, _ benchmarks: [ToolBenchmark]) async throws -> ToolHost {
        var configuration = host.configuration
        configuration.isolation = .inProcess
        configuration.searchPath = PluginSearchPath()
        for benchmark in benchmarks {
            if let file = benchmark.tool.provider.file { configuration.searchPath.add(file, isExplicit: true) }
        }
        Console.reserveOutput()
        let inner = ToolHost(configuration)
        do throws(ToolHostError) {
            try await inner.loadPlugins()
        } catch {
            throw CommandError(.usage, error)
        }
        for benchmark in benchmarks { _ = try inner.requiredTool(named: benchmark.tool.name) }
        return inner
    }

    // MARK: - The report

    private func show(_ benchmark: ToolBenchmark, _ rows: [ToolBenchmark.Row], _ table: BenchmarkTable) {
        guard let fewest = rows.map(\.timings.count).min(), !rows.allSatisfy(\.timings.isEmpty) else { return }
        let output = Console.output
        let columns = output.size.columns
        let title = TerminalText.cut(benchmark.arguments, columns: max(40, columns - benchmark.tool.name.count - 2))
        output.line(output.styled("\(benchmark.tool.name)", .bold) + " " + title)
        if let first = rows.first?.first {
            output.line("The first call took \(first.brief), because it started the process of the plugin.")
        }
        output.line("")
        output.lines(table.report(rows))
        if output.isTerminal {
            for row in rows where !row.timings.isEmpty {
                output.line("")
                output.line("\(row.place.rawValue), number of calls by duration:")
                let sample = LatencySample(row.timings.map(\.total))
                output.lines(HistogramChart(buckets: sample.histogram(rows: 10), columns: columns).lines)
            }
        }
        guard fewest > 0, fewest < 100 else { return }
        output.line("")
        let advice: TerminalLine = calls == nil ? " For more calls: --seconds 30" : ""
        output.line("Only \(fewest.counted("call")) took place, so p99 is the slowest one." + advice)
    }

    /// Reports failed calls and an interruption, which end the command with their exit codes.
    private func finish(_ outcome: BenchmarkRun.Outcome) throws(CommandError) {
        let rows = outcome.rows.flatMap(\.rows)
        if let failure = rows.compactMap(\.failure).first(where: { tool != nil || $0.status != .denied }) {
            if tool != nil, !json { failure.showFailure() }
            let named = tool == nil ? nil : outcome.rows.first?.benchmark.tool
            if failure.status == .invalidArguments, arguments.isEmpty, let named,
                ToolBenchmark(exampleOf: named, origin: .user) == nil
            {
                let advice: TerminalLine = "The tool has no example to call. Give its arguments, as for toolhost call."
                throw CommandError(.invalidArguments, advice)
            }
            throw CommandError(ExitStatus(failure.status))
        }
        if outcome.isInterrupted { throw CommandError(.interrupted, "interrupted") }
        if rows.allSatisfy(\.timings.isEmpty) { throw CommandError(.pluginFailed, "Nothing was measured.") }
    }
}
