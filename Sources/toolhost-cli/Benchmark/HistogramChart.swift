import Terminal
import ToolHost

/// A histogram of block characters, which fits the columns of a terminal.
struct HistogramChart {
    let buckets: [LatencySample.Bucket]
    /// The number of columns of the terminal.
    let columns: Int

    /// The rows of the chart: the shortest duration, the bar and the number of calls.
    var lines: [TerminalLine] {
        let labels = buckets.map(label)
        let counts = buckets.map(\.count.grouped)
        let width = labels.map(\.count).max() ?? 0
        // The margin, the spaces around the bar, and the last column, which stays empty.
        let room = max(1, columns - width - (counts.map(\.count).max() ?? 0) - 6)
        let longest = max(1, buckets.map(\.count).max() ?? 1)
        return buckets.indices.map { place in
            let margin = String(repeating: " ", count: 2 + width - labels[place].count)
            let eighths = (buckets[place].count * room * 8 + longest - 1) / longest
            return "\(margin + labels[place])  \(Self.bar(eighths)) \(counts[place])"
        }
    }

    /// Returns a bar of so many eighths of a column.
    private static func bar(_ eighths: Int) -> String {
        let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
        return String(repeating: "█", count: eighths / 8) + rest
    }

    /// Returns the shortest duration of a row, in the unit of the longest row and with the digits that differ.
    private func label(_ bucket: LatencySample.Bucket) -> String {
        let longest = buckets.last?.lower.nanoseconds ?? 0
        let (unit, name) =
            longest < 1_000_000 ? (1000, "µs") : longest < 1_000_000_000 ? (1_000_000, "ms") : (1_000_000_000, "s")
        let step = buckets.compactMap { $0.upper.map { $0.nanoseconds } }.first.map {
            $0 - (buckets.first?.lower.nanoseconds ?? 0)
        }
        var (power, digits) = (1, 0)
        while digits < 3, (step ?? unit) * power % unit != 0 { (power, digits) = (power * 10, digits + 1) }
        let scaled = bucket.lower.nanoseconds * power / unit
        let fraction = digits == 0 ? "" : "." + String(power + scaled % power).dropFirst()
        return "\(bucket.upper == nil ? "≥ " : "")\(scaled / power)\(fraction) \(name)"
    }
}
