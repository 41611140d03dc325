/// Measured durations, with their statistics.
package struct LatencySample: Sendable {
    /// A row of a histogram: the durations from `lower` up to the row after it.
    package struct Bucket: Sendable, Hashable {
        /// The shortest duration of the row.
        package let lower: Duration
        /// The end of the row, which belongs to the next one; nil for the last row, which has no end.
        package let upper: Duration?
        /// The number of durations in the row.
        package let count: Int
    }

    /// The durations in nanoseconds, in ascending order.
    private let sorted: [Int64]

    /// The longest duration, which keeps the arithmetic of the histogram in range.
    private static let longest = Duration.seconds(1_000_000_000)

    package init(_ durations: [Duration]) { sorted = durations.map(Self.nanoseconds).sorted() }

    /// The number of durations.
    package var count: Int { sorted.count }

    /// The average; zero without durations.
    package var mean: Duration {
        if sorted.isEmpty { return .zero }
        return .nanoseconds(Int64(sorted.reduce(0) { $0 + Double($1) } / Double(count)))
    }

    /// Returns the shortest of the durations that at least so many per cent of all do not exceed; zero without
    /// durations.
    ///
    /// - Parameter percent: 1 to 100.
    package func percentile(_ percent: Int) -> Duration {
        .nanoseconds(sorted.isEmpty ? 0 : sorted[max(0, (percent * count + 99) / 100 - 1)])
    }

    /// Returns rows of equal, round width from the shortest duration to the 95th percentile, and a last row for all
    /// longer ones.
    ///
    /// - Parameter rows: About the number of rows, at least 1; there are at most two more and the last one.
    package func histogram(rows: Int) -> [Bucket] {
        guard let first = sorted.first else { return [] }
        let high = Self.nanoseconds(percentile(95))
        let rows = Int64(max(1, rows))
        // Rounded up: a width that is too small by a fraction would make twice as many rows of short durations.
        let width = Self.round(up: (high - first + rows - 1) / rows)
        var buckets: [Bucket] = []
        var (lower, place) = (first / width * width, 0)
        while place < count {
            let isLast = lower > high
            let end = isLast ? count : sorted[place...].firstIndex { $0 >= lower + width } ?? count
            buckets.append(
                Bucket(
                    lower: .nanoseconds(lower),
                    upper: isLast ? nil : .nanoseconds(lower + width),
                    count: end - place
                )
            )
            (lower, place) = (lower + width, end)
        }
        return buckets
    }

    /// Returns the smallest of the numbers 1, 2, 5, 10, 20, 50 and so on that is at least as large.
    private static func round(up width: Int64) -> Int64 {
        var power: Int64 = 1
        while power * 10 < width { power *= 10 }
        return [1, 2, 5].map { $0 * power }.first { $0 >= width } ?? power * 10
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = min(max(duration, .zero), longest).components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
