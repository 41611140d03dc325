import Foundation

/// The results, side by side.
struct Table {
    private var rows = [["what", "toolhost", "beside it", "", "ratio"]]

    mutating func add(_ what: String, _ measured: Duration, beside other: Duration, _ description: String) {
        let ratio = measured / other
        rows.append([what, Self.text(measured), Self.text(other), description, Self.text(ratio)])
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
                allowed: [.seconds, .milliseconds, .microseconds],
                maximumUnitCount: 1,
                fractionalPart: .show(length: 1)
            )
        )
    }

    private static func text(_ ratio: Double) -> String {
        ratio.formatted(.number.precision(.significantDigits(3)))
    }
}

/// The middle one of several measurements, which a single disturbance does not move.
func median(_ durations: [Duration]) -> Duration {
    durations.sorted()[durations.count / 2]
}
