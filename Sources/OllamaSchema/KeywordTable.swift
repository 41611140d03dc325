/// The unsupported keywords of a schema that are not described yet.
struct KeywordTable {
    private(set) var remaining: [UnsupportedKeyword]

    init(_ keywords: [UnsupportedKeyword]) { remaining = keywords }

    /// Removes and returns all keywords with a name.
    ///
    /// An `allOf` can contribute several.
    mutating func removeAll(named name: String) -> [UnsupportedKeyword] {
        let removed = remaining.filter { $0.name == name }
        if !removed.isEmpty { remaining.removeAll { $0.name == name } }
        return removed
    }
}
