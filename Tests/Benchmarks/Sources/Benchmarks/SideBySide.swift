import Foundation

/// Short pieces of work, measured in alternating batches, so that other load on the machine affects all equally.
struct SideBySide {
    /// Repeats a piece of work, and returns the time that it took.
    typealias Batch = (_ count: Int) throws -> Duration

    private var batches: [Batch] = []

    /// Adds work of this program, which returns true if its result is right; the check also prevents its removal by the
    /// optimizer.
    ///
    /// - Returns: Its index in the results.
    mutating func add(_ body: @escaping () throws -> Bool) -> Int {
        add { count in
            var isGood = true
            let duration = try ContinuousClock().measure {
                for _ in 0..<count { isGood = try body() && isGood }
            }
            guard isGood else { throw BenchmarkError("A measured result is wrong.") }
            return duration
        }
    }

    /// Adds work that measures itself.
    ///
    /// - Returns: Its index in the results.
    mutating func add(batch: @escaping Batch) -> Int {
        batches.append(batch)
        return batches.count - 1
    }

    /// Measures all work.
    ///
    /// - Parameter rounds: The number of batches of each.
    /// - Returns: The time of one repetition of each, as the median of its batches.
    func run(rounds: Int = 51) throws -> [Duration] {
        let counts = try batches.map(Self.count)
        var durations = batches.map { _ in [Duration]() }
        for _ in 0..<rounds {
            for (index, batch) in batches.enumerated() {
                durations[index].append(try batch(counts[index]) / counts[index])
            }
        }
        return durations.map { median($0) }
    }

    /// Returns the size of a batch that takes at least 5 ms, which is long compared with the resolution of the clock.
    private static func count(_ batch: Batch) throws -> Int {
        // The first repetition may start a process.
        _ = try batch(1)
        var count = 1
        while try batch(count) < .milliseconds(5) { count *= 2 }
        return count
    }
}
