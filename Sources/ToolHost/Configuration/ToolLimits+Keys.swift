public import ToolJSON

extension ToolLimits {
    /// The names of the limits in a configuration.
    public static var keys: [String] { counts.map(\.key) + durations.map(\.key) }

    private static let counts: [(key: String, path: any WritableKeyPath<ToolLimits, Int> & Sendable)] = [
        ("calls", \.calls), ("concurrency", \.concurrency), ("concurrency_per_plugin", \.concurrencyPerPlugin),
        ("result_bytes", \.resultBytes), ("argument_bytes", \.argumentBytes), ("schema_bytes", \.schemaBytes),
        ("manifest_bytes", \.manifestBytes),
    ]

    private static let durations: [(key: String, path: any WritableKeyPath<ToolLimits, Duration> & Sendable)] = [
        ("timeout", \.timeout), ("grace", \.grace), ("registration", \.registration),
        ("scan", \.scan),
    ]

    /// Takes the host's limits from a configuration, and leaves the keys that it does not know to others.
    ///
    /// - Throws: ``ConfigurationError`` where a value is not a positive number: seconds, bytes or a count.
    public mutating func apply(_ limits: JSONObject) throws(ConfigurationError) {
        for (key, path) in Self.counts {
            guard let value = limits[key] else { continue }
            guard let count = value.int, count > 0 else { throw Self.fault(key, "a whole number above 0") }
            self[keyPath: path] = count
        }
        for (key, path) in Self.durations {
            guard let value = limits[key] else { continue }
            guard let seconds = value.number?.double, seconds > 0, seconds <= 1_000_000 else {
                throw Self.fault(key, "a number of seconds above 0")
            }
            self[keyPath: path] = .seconds(seconds)
        }
    }

    private static func fault(_ key: String, _ wanted: String) -> ConfigurationError {
        ConfigurationError(message: "The limit \"\(key)\" must be \(wanted).")
    }
}
