public import ToolJSON
import ToolSandbox

extension ToolLimits {
    /// A limit that is a number of calls or bytes.
    private struct Count: Sendable {
        let key: String
        let path: any WritableKeyPath<ToolLimits, Int> & Sendable
        let range: ClosedRange<Int>
    }

    /// A limit that is a duration.
    private struct Time: Sendable {
        let key: String
        let path: any WritableKeyPath<ToolLimits, Duration> & Sendable
    }

    // The host adds and multiplies these numbers, and must not overflow within the ranges.
    private static let counts = [
        Count(key: "calls", path: \.calls, range: 1...100_000),
        Count(key: "concurrency", path: \.concurrency, range: 1...10_000),
        Count(key: "concurrency_per_plugin", path: \.concurrencyPerPlugin, range: 1...10_000),
        Count(key: "result_bytes", path: \.resultBytes, range: 1...1 << 30),
        Count(key: "result_bytes_per_message", path: \.resultBytesPerMessage, range: 1...1 << 30),
        Count(key: "processes", path: \.processes, range: SandboxOrder.processBounds),
        Count(key: "argument_bytes", path: \.argumentBytes, range: 1...256 << 20),
        Count(key: "schema_bytes", path: \.schemaBytes, range: 1...64 << 20),
        Count(key: "manifest_bytes", path: \.manifestBytes, range: 1...64 << 20),
    ]

    private static let times = [
        Time(key: "timeout", path: \.timeout), Time(key: "grace", path: \.grace),
        Time(key: "registration", path: \.registration), Time(key: "scan", path: \.scan),
    ]

    /// The range of all durations, in seconds.
    package static let seconds = 0.001...1_000_000

    /// The phrase for a duration in an error message.
    package static let secondsExpectation = "a number of seconds from 0.001 to 1000000"

    /// The names of the limits in a configuration.
    public static var keys: [String] { counts.map(\.key) + times.map(\.key) }

    /// Sets the host's limits from a configuration, and ignores other keys.
    ///
    /// - Throws: ``ToolHostError`` if a value is not a number within the range of its limit.
    public mutating func apply(_ limits: JSONObject) throws(ToolHostError) {
        for count in Self.counts {
            guard let value = limits[count.key] else { continue }
            self[keyPath: count.path] = try value.limit(count.key, in: count.range)
        }
        for time in Self.times {
            guard let value = limits[time.key] else { continue }
            guard let seconds = value.double(in: Self.seconds) else {
                let message = "The limit \"\(time.key)\" must be \(Self.secondsExpectation)."
                throw ToolHostError(.invalidConfiguration, message: message)
            }
            self[keyPath: time.path] = .seconds(seconds)
        }
    }

    /// The limits with each one outside of its range replaced by the nearest value in it.
    var clamped: ToolLimits {
        var limits = self
        for count in Self.counts {
            limits[keyPath: count.path] = self[keyPath: count.path].clamped(to: count.range)
        }
        let times = Duration.seconds(Self.seconds.lowerBound)...Duration.seconds(Self.seconds.upperBound)
        for time in Self.times { limits[keyPath: time.path] = self[keyPath: time.path].clamped(to: times) }
        return limits
    }
}

extension Comparable {
    fileprivate func clamped(to range: ClosedRange<Self>) -> Self {
        min(max(self, range.lowerBound), range.upperBound)
    }
}
