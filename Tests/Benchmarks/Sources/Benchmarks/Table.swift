import Foundation

/// The table of the results.
struct Table {
    private var rows = [["measurement", "toolhost", "compared", "with", "ratio"]]

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

    private static func text(bytes: Int) -> String {
        (Double(bytes) / 1e6).formatted(.number.precision(.fractionLength(2))) + " MB"
    }

    /// Adds a duration without a comparison.
    mutating func add(_ what: String, _ measured: Duration) {
        rows.append([what, Self.text(measured), "", "", ""])
    }

    var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
                .joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private static func text(_ duration: Duration) -> String {
        duration.formatted(
            .units(
                allowed: [.seconds, .milliseconds, .microseconds, .nanoseconds],
                maximumUnitCount: 1,
                fractionalPart: .show(length: 1)
            )
        )
    }

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
