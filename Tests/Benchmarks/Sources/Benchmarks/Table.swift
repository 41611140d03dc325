import Foundation

/// The table of the results.
struct Table {
    private var rows: [[String]] = []
    private var header = ["measurement", "toolhost", "compared", "with", "ratio"]

    /// Adds a duration and the duration of an equivalent.
    ///
    /// - Parameter bytes: The number of bytes that were read in that time, for a rate; nil for no rate.
    mutating func add(
        _ what: String,
        _ measured: Duration,
        beside other: Duration,
        _ description: String,
        bytes: Int? = nil
    ) {
        let ratio = measured / other
        let cells = [measured, other].map { duration in
            Self.text(duration) + (bytes.map { Self.rate(of: $0, in: duration) } ?? "")
        }
        rows.append([what, cells[0], cells[1], description, Self.text(ratio)])
    }

    /// Adds a duration without a comparison.
    mutating func add(_ what: String, _ measured: Duration) {
        rows.append([what, Self.text(measured), "", "", ""])
    }

    /// Adds an amount of memory and another one for comparison.
    mutating func add(_ what: String, bytes measured: Int, beside other: Int, _ description: String) {
        let ratio = Double(measured) / Double(max(other, 1))
        rows.append([what, Self.text(bytes: measured), Self.text(bytes: other), description, Self.text(ratio)])
    }

    /// Adds an amount of memory without a comparison.
    mutating func add(_ what: String, bytes measured: Int) {
        rows.append([what, Self.text(bytes: measured), "", "", ""])
    }

    /// Adds a count and another one for comparison.
    mutating func add(_ what: String, count measured: Int, beside other: Int, _ description: String) {
        rows.append([what, String(measured), String(other), description, ""])
    }

    /// Adds the average count of one call, and optionally another one for comparison.
    mutating func add(
        _ what: String,
        perCall measured: Double,
        beside other: Double? = nil,
        _ description: String = ""
    ) {
        rows.append([what, Self.text(count: measured), other.map { Self.text(count: $0) } ?? "", description, ""])
    }

    /// Adds the time of a peer, with its ratio to the first one.
    ///
    /// A table has only rows of peers or no such row.
    mutating func add(peer: String, _ measured: Duration, of first: Duration, _ content: String) {
        header = ["call", "time", "ratio", "content"]
        rows.append([peer, Self.text(measured), Self.text(measured / first), content])
    }

    /// The table with aligned columns, or an empty string if it has no rows.
    var text: String {
        guard !rows.isEmpty else { return "" }
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
                .joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// The table in Markdown, or an empty string if it has no rows.
    var markdown: String {
        guard !rows.isEmpty else { return "" }
        let lines = [header, header.map { _ in "---" }] + rows
        return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    // MARK: - Cells

    private static func text(_ duration: Duration) -> String {
        duration.formatted(
            .units(
                allowed: [.seconds, .milliseconds, .microseconds, .nanoseconds],
                maximumUnitCount: 1,
                fractionalPart: .show(length: 1)
            )
        )
    }

    private static func text(bytes: Int) -> String {
        (Double(bytes) / 1e6).formatted(.number.precision(.fractionLength(2))) + " MB"
    }

    private static func text(count: Double) -> String { count.formatted(.number.precision(.fractionLength(1))) }

    private static func rate(of bytes: Int, in duration: Duration) -> String {
        let rate = Double(bytes) / 1e6 / (duration / .seconds(1))
        return ", \(rate.formatted(.number.precision(.fractionLength(0)))) MB/s"
    }

    private static func text(_ ratio: Double) -> String {
        ratio.formatted(.number.precision(.significantDigits(3)))
    }
}

/// Returns the median of several measurements, which is robust against single outliers.
func median(_ durations: [Duration]) -> Duration {
    durations.sorted()[durations.count / 2]
}
