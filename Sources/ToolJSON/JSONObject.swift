/// The members of a JSON object in their original order.
///
/// Each name occurs once. If a text repeats a name, the last value wins and takes the position of the first one.
public struct JSONObject: Sendable {
    /// A name and its value.
    public typealias Member = (key: String, value: JSON)

    /// The stored form of a member.
    ///
    /// Arrays of structs are copied and destroyed faster than arrays of tuples.
    struct Entry {
        let key: String
        var value: JSON
    }

    private var entries: [Entry] = []

    /// The position of each name.
    ///
    /// Only large objects have an index: scanning a few names is faster than hashing one.
    private var index: [ExactKey: Int]?
    static let indexThreshold = 16

    /// Creates an empty object.
    public init() {}

    /// Creates an object with the given members.
    ///
    /// If a name is repeated, the last value wins.
    public init(_ members: some Sequence<(String, JSON)>) {
        for (key, value) in members { update(key, to: value) }
    }

    /// Creates an object from members with unique names.
    ///
    /// - Parameters:
    ///   - entries: The members.
    ///   - index: The position of each name, or nil if it has not been built.
    init(unique entries: [Entry], index: [ExactKey: Int]?) {
        self.entries = entries
        self.index = index
        if index == nil, entries.count > Self.indexThreshold { buildIndex() }
    }

    /// The value of the member with this name, or nil if there is none.
    ///
    /// Setting nil removes the member. A new member is appended.
    public subscript(key: String) -> JSON? {
        get {
            position(of: key).map { entries[$0].value }
        }
        set {
            if let newValue {
                update(key, to: newValue)
            } else if let position = position(of: key) {
                entries.remove(at: position)
                index = nil
                if entries.count > Self.indexThreshold { buildIndex() }
            }
        }
    }

    /// Returns the value of a name.
    ///
    /// The lookup is faster if the member is at the given position.
    package func value(of key: String, near position: Int) -> JSON? {
        if position < entries.count, entries[position].key.hasSameBytes(as: key) { return entries[position].value }
        return self[key]
    }

    /// The names in order.
    public var keys: [String] { entries.map(\.key) }

    /// Sets the value of a name.
    ///
    /// - Returns: True if the name is new.
    @discardableResult
    mutating func update(_ key: consuming String, to value: consuming JSON) -> Bool {
        if let position = position(of: key) {
            entries[position].value = value
            return false
        }
        index?[ExactKey(copy key)] = entries.count
        entries.append(Entry(key: key, value: value))
        if index == nil, entries.count > Self.indexThreshold { buildIndex() }
        return true
    }

    private func position(of key: String) -> Int? {
        if let index { return index[ExactKey(key)] }
        return entries.firstIndex { $0.key.hasSameBytes(as: key) }
    }

    private mutating func buildIndex() {
        index = Dictionary(uniqueKeysWithValues: entries.enumerated().map { (ExactKey($1.key), $0) })
    }
}

extension JSONObject: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { entries.count }
    public subscript(position: Int) -> Member { (entries[position].key, entries[position].value) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements)
    }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        return left.entries.indices.allSatisfy { position in
            let entry = left.entries[position]
            // Equal objects mostly have the same order.
            if right.entries[position].key.hasSameBytes(as: entry.key) {
                return right.entries[position].value == entry.value
            }
            return right[entry.key] == entry.value
        }
    }

    public func hash(into hasher: inout Hasher) {
        // Equal objects may differ in order, so the hash is the sum of the members' hashes.
        var sum = 0
        for entry in entries {
            var one = Hasher()
            entry.key.hashBytes(into: &one)
            one.combine(entry.value)
            sum &+= one.finalize()
        }
        hasher.combine(sum)
    }
}
