import ToolHost
import ToolJSON

/// The benchmark of one tool: calls of it, always with the same arguments.
struct ToolBenchmark: Sendable {
    /// The process that runs the tool.
    enum Place: String, Sendable {
        case isolated = "isolated"
        case inProcess = "in process"
    }

    /// The measurements in one place.
    struct Row: Sendable {
        let place: Place
        /// The duration of the first call, which starts the worker process; nil if it asked the user.
        var first: Duration?
        /// The calls one by one.
        var timings: [CallTiming] = []
        /// The batches, whose calls are dispatched together.
        var batches: [Duration] = []
        /// The result of the call that failed and ended the row.
        var failure: ToolResult?
    }

    let tool: RegisteredTool
    /// The JSON text of the arguments.
    let arguments: String
    /// The origin of the calls.
    let origin: CallOrigin

    /// Measures the tool until a limit is reached, a call fails or the task is cancelled.
    nonisolated(nonsending) func run(in place: Place, of host: ToolHost, _ limits: BenchmarkLimits) async -> Row {
        var row = Row(place: place)
        let mayAsk = host.configuration.authorization.asker != nil && tool.access?.missing.isEmpty == false
        let warmUp = limits.warmUp()
        var count = 0
        repeat {
            guard let timing = await call(host, &row) else { return row }
            if count == 0, !mayAsk || place == .inProcess { row.first = timing.total }
            count += 1
        } while !warmUp.isReached(after: count)
        let single = limits.single()
        repeat {
            guard let timing = await call(host, &row) else { return row }
            row.timings.append(timing)
        } while !single.isReached(after: row.timings.count)
        let typical = LatencySample(row.timings.map(\.total)).percentile(50)
        guard limits.includesBatches(ofCallsLasting: typical) else { return row }
        let batches = limits.batches()
        repeat {
            let start = ContinuousClock.now
            let calls = (0..<BenchmarkLimits.batchSize).map { _ in
                ToolCall(name: tool.name, arguments: (try? JSON(parsing: arguments)) ?? [:], origin: origin)
            }
            let results = await host.dispatch(calls).results
            let duration = start.duration(to: .now)
            if let failed = results.first(where: { $0.status != .ok }) {
                record(failed, &row)
                return row
            }
            row.batches.append(duration)
        } while !batches.isReached(after: row.batches.count)
        return row
    }

    private nonisolated(nonsending) func call(_ host: ToolHost, _ row: inout Row) async -> CallTiming? {
        let (result, timing) = await host.timedCall(of: tool.name, arguments: arguments, origin: origin)
        if result.status == .ok { return timing }
        record(result, &row)
        return nil
    }

    /// Records a failure, unless Ctrl-C has cancelled the call.
    private func record(_ result: ToolResult, _ row: inout Row) {
        if result.status != .cancelled || !Task.isCancelled { row.failure = result }
    }
}

extension ToolBenchmark {
    /// Creates the benchmark of a tool with the arguments of its first example that is one successful call.
    ///
    /// - Returns: Nil if the tool has no such example.
    init?(exampleOf tool: RegisteredTool, origin: CallOrigin) {
        let steps = tool.examples.lazy.filter { $0.steps.count == 1 }.flatMap(\.steps)
        let step = steps.first { step in
            if case .error = step.expectation { return false }
            return step.tool ?? tool.name == tool.name
        }
        guard let step else { return nil }
        self.init(tool: tool, arguments: step.arguments.text(), origin: origin)
    }

    /// True if the tool declares that repeated calls do no harm.
    var isRepeatable: Bool { tool.annotations.readOnly || tool.annotations.idempotent }
}
