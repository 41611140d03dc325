/// The names of an open object, among which the parser searches for each further name.
struct JSONUniqueNames {
    /// The position of the object's first member among the members of all open objects.
    let base: Int
    /// The position of each name in the object.
    ///
    /// Only large objects have an index, and only if the name table does not suffice.
    private(set) var index: [ExactKey: Int]?
    /// The identifiers of the names that are in the ``JSONNameTable``.
    private var identifiers: UInt64 = 0
    /// True if a name that is in the table and not in `identifiers` is new.
    private var isDecidedByTable = true

    init(base: Int) { self.base = base }

    /// Inserts a name, which the caller appends to the members if it is new.
    ///
    /// - Returns: The position of the member with this name, or nil if the name is new.
    @inline(__always)
    mutating func insert(
        _ name: String,
        _ identity: JSONNameTable.Identity,
        in members: borrowing MoveStack<JSONObject.Entry>
    ) -> Int? {
        switch identity {
        case .identifier(let identifier):
            let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: identifier)
            let isNew = identifiers & bit == 0
            identifiers |= bit
            if isNew, isDecidedByTable { return nil }
        case .rejected: break
        // The table does not know this spelling, but it may contain the name.
        case .unknown: isDecidedByTable = false
        }
        return search(name, in: members)
    }

    @inline(never)
    private mutating func search(_ name: String, in members: borrowing MoveStack<JSONObject.Entry>) -> Int? {
        let count = members.count - base
        if index == nil {
            // Comparing a few names is faster than hashing one.
            guard count > JSONObject.indexThreshold else {
                return members.firstIndex(from: base) { $0.key.hasSameBytes(as: name) }
            }
            index = Dictionary(uniqueKeysWithValues: (0..<count).map { (ExactKey(members[base + $0].key), $0) })
            // From here on, the index must contain every name.
            isDecidedByTable = false
        }
        if let position = index?[ExactKey(name)] { return base + position }
        index?[ExactKey(name)] = count
        return nil
    }
}
