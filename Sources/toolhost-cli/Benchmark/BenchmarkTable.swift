import Terminal
import ToolHost

/// The results of benchmarks as tables for people.
struct BenchmarkTable {
    /// The width of the first column.
    let width: Int

    /// Returns the lines about one tool.
    func report(_ rows: [ToolBenchmark.Row]) -> [TerminalLine] {
        let rows = rows.filter { !$0.timings.isEmpty }
        if rows.isEmpty { return [] }
        var lines = [line("", ["p50", "p90", "p99", "calls/s", "calls"], ["p50", "p90", "p99", "calls/s", "calls"])]
        for row in rows {
            lines.append(statistics(row.place.rawValue, LatencySample(row.timings.map(\.total)), 1))
            if row.batches.isEmpty { continue }
            let size = BenchmarkLimits.batchSize
            lines.append(statistics("  batch of \(size)", LatencySample(row.batches), size))
        }
        lines += ["", "The stages of a typical call:"]
        for (position, row) in rows.enumerated() {
            let stages = CallTiming.typical(of: row.timings)?.stages ?? []
            let names = stages.map(\.name)
            if position == 0 { lines.append(line("", names, names)) }
            lines.append(line(row.place.rawValue, stages.map(\.duration.brief), names))
        }
        return lines
    }

    /// The headings of the table of many tools.
    private static let headings = ["call", "p50", "p90", "p99", "calls/s", "batch of 8"]

    /// The first line of the table of many tools.
    var heading: TerminalLine { line("", Self.headings, Self.headings) }

    /// Returns the line of a tool in the table of many tools.
    func summary(_ name: String, _ row: ToolBenchmark.Row) -> TerminalLine {
        let label = row.place == .inProcess ? "  " + row.place.rawValue : name
        guard let typical = CallTiming.typical(of: row.timings) else {
            return "\(padded(label))  not measured: \(row.failure?.text ?? "interrupted", limit: 300)"
        }
        let calls = LatencySample(row.timings.map(\.total))
        let batch = row.batches.isEmpty ? "–" : LatencySample(row.batches).percentile(50).brief
        return line(
            label,
            [typical.call.brief] + calls.columns + [calls.rate(callsEach: 1).briefRate, batch],
            Self.headings
        )
    }

    private func statistics(_ label: String, _ sample: LatencySample, _ size: Int) -> TerminalLine {
        let cells = sample.columns + [sample.rate(callsEach: size).briefRate, (sample.count * size).grouped]
        return line(label, cells, ["p50", "p90", "p99", "calls/s", "calls"])
    }

    /// Returns a line whose cells end below the ends of their headings.
    private func line(_ label: String, _ cells: [String], _ headings: [String]) -> TerminalLine {
        let columns = zip(cells, headings).map { cell, heading in
            String(repeating: " ", count: max(1, max(heading.count, 7) + 2 - cell.count)) + cell
        }
        return "\(padded(label) + columns.joined())"
    }

    private func padded(_ label: String) -> String {
        label + String(repeating: " ", count: max(0, width - label.count))
    }
}

extension LatencySample {
    /// The percentiles of a row.
    fileprivate var columns: [String] { [50, 90, 99].map { percentile($0).brief } }

    /// Returns the number of calls per second, if each duration is that of so many calls.
    func rate(callsEach size: Int) -> Double { mean > .zero ? Double(size) / mean.inSeconds : 0 }
}

extension CallTiming {
    /// The stages in their order, with their names.
    var stages: [(name: String, duration: Duration)] {
        [
            ("parse", parse), ("check", check), ("authorize", authorize), ("call", call), ("transport", transport),
        ]
    }
}

extension Double {
    /// The rate for people: `7,214` or `0.4`.
    fileprivate var briefRate: String { self < 10 ? String((self * 10).rounded() / 10) : Int(self).grouped }
}
