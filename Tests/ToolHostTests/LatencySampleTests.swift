import Testing

@testable import ToolHost

@Suite("The statistics of durations")
struct LatencySampleTests {
    private func sample(_ nanoseconds: some Sequence<Int>) -> LatencySample {
        LatencySample(nanoseconds.map { .nanoseconds($0) })
    }

    @Test(
        "a percentile is the shortest duration that so many per cent do not exceed",
        arguments: [
            ([7], 50, 7), ([7], 99, 7), ([7], 1, 7), ([2, 1], 50, 1), ([2, 1], 51, 2), ([3, 1, 2], 50, 2),
            (Array(1...100), 50, 50), (Array(1...100), 90, 90), (Array(1...100), 99, 99), (Array(1...100), 100, 100),
            (Array(1...101), 99, 100), (Array(1...1000), 99, 990), ([], 50, 0), ([-5], 50, 0),
        ] as [([Int], Int, Int)]
    )
    func percentiles(nanoseconds: [Int], percent: Int, expected: Int) {
        #expect(sample(nanoseconds).percentile(percent) == .nanoseconds(expected))
    }

    @Test("the average of no durations is zero")
    func mean() {
        #expect(sample([]).mean == .zero && sample([]).count == 0)
        #expect(sample([1, 2, 6]).mean == .nanoseconds(3))
    }

    @Test(
        "a histogram has rows of equal, round width, and one for the durations beyond the 95th percentile",
        arguments: [
            ([], []), ([5], [5, 1]), ([5, 5, 5], [5, 3]), ([0], [0, 1]),
            ([100, 110, 120, 130], [100, 1, 110, 1, 120, 1, 130, 1]),
            ([103, 141], [100, 1, 110, 0, 120, 0, 130, 0, 140, 1]),
            (Array(repeating: 10, count: 100) + [9000], [10, 100, 11, 1]),
        ] as [([Int], [Int])]
    )
    func histogram(nanoseconds: [Int], expected: [Int]) {
        let buckets = sample(nanoseconds).histogram(rows: 4)
        #expect(buckets.flatMap { [Int($0.lower / .nanoseconds(1)), $0.count] } == expected)
    }

    @Test("the rows of a histogram follow each other, are few, and hold every duration", arguments: 1...12)
    func rows(rows: Int) {
        var generator = SystemRandomNumberGenerator()
        for spread in Array(1...40) + (6...40).map({ 1 << $0 }) {
            let values = (0..<200).map { _ in Int.random(in: 0..<spread, using: &generator) } + [Int.max]
            let buckets = sample(values).histogram(rows: rows)
            #expect(buckets.reduce(0) { $0 + $1.count } == values.count, "\(spread)")
            #expect(buckets.count <= rows + 3, "\(spread)")
            #expect(zip(buckets, buckets.dropFirst()).allSatisfy { $0.upper == $1.lower }, "\(spread)")
            #expect(buckets.last?.upper == nil && (buckets.first?.count ?? 0) > 0, "\(spread)")
        }
    }
}
