/// The members of a JSON object, in the order in which they were written.
///
/// A name occurs once: where a text repeats one, the last value wins and keeps the first one's place.
public struct JSONObject: Sendable {
    /// One name and its value.
    public typealias Member = (key: String, value: JSON)

    private var members: [Member] = []

    /// Where each name stands.
    ///
    /// Built for large objects alone: scanning a few names is faster than hashing one.
    private var index: [ExactKey: Int]?
    private static let indexThreshold = 16

    /// No members.
    public init() {}

    /// The members given; where a name repeats, the last value wins.
    public init(_ members: some Sequence<(String, JSON)>) {
        for (key, value) in members { self[key] = value }
    }

    /// The value of a name.
    ///
    /// Setting `nil` removes it; a new name comes last.
    public subscript(key: String) -> JSON? {
        get {
            position(of: key).map { members[$0].value }
        }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?):
                members[position].value = value
            case (let position?, nil):
                members.remove(at: position)
                index = nil
                indexIfLarge()
            case (nil, let value?):
                members.append((key, value))
                if index != nil { index?[ExactKey(key)] = members.count - 1 } else { indexIfLarge() }
            case (nil, nil):
                break
            }
        }
    }

    /// The names, in order.
    public var keys: [String] { members.map(\.key) }

    private func position(of key: String) -> Int? {
        if let index { return index[ExactKey(key)] }
        return members.firstIndex { $0.key.hasSameBytes(as: key) }
    }

    private mutating func indexIfLarge() {
        guard members.count > Self.indexThreshold else { return }
        index = Dictionary(uniqueKeysWithValues: members.enumerated().map { (ExactKey($1.key), $0) })
    }
}

extension JSONObject: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { members.count }
    public subscript(position: Int) -> Member { members[position] }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements)
    }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        // Equal objects may differ in order, so their members' hashes are added up.
        var sum = 0
        for (key, value) in members {
            var one = Hasher()
            key.hashBytes(into: &one)
            one.combine(value)
            sum &+= one.finalize()
        }
        hasher.combine(sum)
    }
}

/// A name that is equal to another only if it has the same bytes.
private struct ExactKey: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ExactKey, right: ExactKey) -> Bool { left.text.hasSameBytes(as: right.text) }

    func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }
}
