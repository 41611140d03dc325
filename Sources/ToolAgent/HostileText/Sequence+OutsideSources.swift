import OllamaClient

extension Sequence<ChatMessage> {
    /// The names of the sources from which the messages have text that other people may have written, in order and each
    /// of them once.
    var outsideSources: [String] {
        reduce(into: []) { sources, message in sources.addSources(message.outsideSources) }
    }
}

extension [String] {
    /// The maximum number of sources, and the maximum number of characters of a name.
    private static let (maximumCount, maximumLength) = (16, 100)

    /// Adds names of sources that are not in the list yet.
    ///
    /// Beyond the maximum number names are dropped: that there are sources matters, and not how many.
    mutating func addSources(_ names: [String]) {
        for name in names where count < Self.maximumCount {
            let name = String(name.unicodeScalars.prefix(Self.maximumLength))
            if !contains(name) { append(name) }
        }
    }
}
