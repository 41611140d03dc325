extension Duration {
    /// The duration in words, to the millisecond: "60 seconds", "1 second", "0.2 seconds".
    var words: String {
        let seconds = Double(components.seconds) + Double(components.attoseconds) * 1e-18
        let rounded = (seconds * 1000).rounded() / 1000
        let text = rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
        return text == "1" ? "1 second" : "\(text) seconds"
    }
}
