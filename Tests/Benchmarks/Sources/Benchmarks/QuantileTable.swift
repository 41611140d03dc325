/// The durations of several kinds of work, for their quantiles.
struct QuantileTable {
    private var durations: [String: [Duration]] = [:]
    private var isSorted = true

    mutating func add(_ name: String, _ duration: Duration) {
        durations[name, default: []].append(duration)
        isSorted = false
    }

    /// Returns the duration that a share of all durations does not exceed.
    mutating func quantile(_ name: String, _ share: Double) -> Duration {
        if !isSorted { durations = durations.mapValues { $0.sorted() } }
        isSorted = true
        guard let values = durations[name], !values.isEmpty else { return .zero }
        return values[Int(Double(values.count - 1) * share)]
    }
}
