extension Duration {
    /// The elapsed time for people: `3.2 s`, `41 s`, `2 min 5 s`.
    package var elapsed: String {
        let tenths = max(0, Int(components.seconds) * 10 + Int(components.attoseconds / 100_000_000_000_000_000))
        if tenths < 100 { return "\(tenths / 10).\(tenths % 10) s" }
        let seconds = tenths / 10
        return seconds < 60 ? "\(seconds) s" : "\(seconds / 60) min \(seconds % 60) s"
    }
}
