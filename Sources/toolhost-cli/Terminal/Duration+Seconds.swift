extension Duration {
    /// The duration in seconds.
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }

    /// The duration in whole nanoseconds.
    var nanoseconds: Int { Int(components.seconds) * 1_000_000_000 + Int(components.attoseconds / 1_000_000_000) }

    /// The duration for people: `85 µs`, `1.2 ms`, `200 ms`, `3.1 s`.
    var brief: String {
        let seconds = inSeconds
        let (value, unit) =
            if seconds < 0.001 { (seconds * 1_000_000, "µs") } else if seconds < 1 { (seconds * 1000, "ms") } else {
                (seconds, "s")
            }
        let rounded = value < 10 ? (value * 10).rounded() / 10 : value.rounded()
        return (rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)) + " " + unit
    }
}
