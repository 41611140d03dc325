import ToolJSON

/// An ordered table of entries by name.
struct NameTable<Entry: Sendable>: Sendable {
    let names: [String]
    let entries: [Entry]
    private let index: [ExactKey: Int]

    /// The maximum size without an index: comparing a few names is faster than hashing one.
    private static var indexThreshold: Int { 8 }

    /// Creates a table.
    ///
    /// The names must be unique.
    init(_ entries: [(name: String, entry: Entry)]) {
        names = entries.map(\.name)
        self.entries = entries.map(\.entry)
        index =
            entries.count <= Self.indexThreshold
            ? [:]
            : Dictionary(entries.indices.map { (ExactKey(entries[$0].name), $0) }, uniquingKeysWith: { $1 })
    }

    subscript(name: String) -> Entry? {
        position(of: name).map { entries[$0] }
    }

    /// Returns the entry of a name.
    ///
    /// The lookup is faster if the name is at the given position.
    func entry(of name: String, near position: Int) -> Entry? {
        if position < names.count, names[position].hasSameBytes(as: name) { return entries[position] }
        return self[name]
    }

    private func position(of name: String) -> Int? {
        if names.count > Self.indexThreshold { return index[ExactKey(name)] }
        return names.firstIndex { $0.hasSameBytes(as: name) }
    }

    /// Returns the entries whose names are members of an object, in the order of the table.
    ///
    /// The cost is proportional to the smaller of the two.
    func present(in members: JSONObject, spending budget: inout WorkBudget) throws(CheckError) -> [Entry] {
        if names.count <= members.count {
            try budget.spend(2 * names.count)
            return names.indices.filter { members[names[$0]] != nil }.map { entries[$0] }
        }
        try budget.spend(4 * members.count)
        return members.compactMap { position(of: $0.key) }.sorted().map { entries[$0] }
    }
}
