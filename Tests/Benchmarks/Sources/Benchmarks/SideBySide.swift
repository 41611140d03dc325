import Foundation

/// Small things measured by turns in batches, so that whatever else the machine does hits all alike.
struct SideBySide {
    /// Does something so many times, and tells how long that took.
    typealias Batch = (_ count: Int) throws -> Duration

    private var batches: [Batch] = []

    /// Adds something that this program does; it says whether it went well, so that nothing can be optimised away.
    ///
    /// - Returns: Its place among the results.
    mutating func add(_ body: @escaping () throws -> Bool) -> Int {
        add { count in
            var isGood = true
            let duration = try ContinuousClock().measure {
                for _ in 0..<count { isGood = try body() && isGood }
            }
            guard isGood else { throw BenchmarkError("What was measured came out wrong.") }
            return duration
        }
    }

    /// Adds something measured elsewhere.
    ///
    /// - Returns: Its place among the results.
    mutating func add(batch: @escaping Batch) -> Int {
        batches.append(batch)
        return batches.count - 1
    }

    /// Measures everything.
    ///
    /// - Returns: For each, how long one time takes: the median of its batches.
    func run() throws -> [Duration] {
        let counts = try batches.map(Self.count)
        var durations = batches.map { _ in [Duration]() }
        for _ in 0..<51 {
            for (index, batch) in batches.enumerated() {
                durations[index].append(try batch(counts[index]) / counts[index])
            }
        }
        return durations.map { median($0) }
    }

    /// How many times make a batch that is long beside the clock's resolution and short beside what disturbs it.
    private static func count(_ batch: Batch) throws -> Int {
        var count = 1
        while try batch(count) < .milliseconds(5) { count *= 2 }
        return count
    }
}
