import ToolHost

/// The benchmarks of some tools, in one place or in two.
struct BenchmarkRun: Sendable {
    /// The hosts, one for each place.
    let hosts: [(place: ToolBenchmark.Place, host: ToolHost)]
    let benchmarks: [ToolBenchmark]
    let limits: BenchmarkLimits
    /// Called before each row.
    let willMeasure: @Sendable (ToolBenchmark, ToolBenchmark.Place) -> Void
    /// Called after each row.
    let didMeasure: @Sendable (ToolBenchmark, ToolBenchmark.Row) -> Void

    /// The measurements.
    struct Outcome: Sendable {
        /// The rows of each tool.
        var rows: [(benchmark: ToolBenchmark, rows: [ToolBenchmark.Row])] = []
        /// True if Ctrl-C ended the run early.
        var isInterrupted = false
    }

    /// Runs the benchmarks one after another.
    ///
    /// After a cancellation, the outcome has what was measured until then.
    func outcome() async -> Outcome {
        // The calls are timed on a thread of the host: Swift's shared pool may be busy.
        await withTaskExecutorPreference(ToolHost.executor) {
            var outcome = Outcome()
            for benchmark in benchmarks {
                var rows: [ToolBenchmark.Row] = []
                for (place, host) in hosts where !Task.isCancelled {
                    willMeasure(benchmark, place)
                    let row = await benchmark.run(in: place, of: host, limits)
                    rows.append(row)
                    didMeasure(benchmark, row)
                }
                if !rows.isEmpty { outcome.rows.append((benchmark, rows)) }
            }
            outcome.isInterrupted = Task.isCancelled
            return outcome
        }
    }
}
