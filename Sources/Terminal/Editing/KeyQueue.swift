/// Keys that wait for a line, in a bounded amount.
struct KeyQueue {
    /// The maximum size in bytes.
    static let limit = 16 << 20

    private var keys: [Key] = []
    private var start = 0
    private var size = 0

    /// Adds a key; beyond the limit it is dropped.
    mutating func add(_ key: Key) {
        let added = key.byteCount + MemoryLayout<Key>.stride
        guard size + added <= Self.limit else { return }
        if case .text(let text) = key, case .text(let last)? = keys.last, last.utf8.count < 4096 {
            keys[keys.count - 1] = .text(last + text)
            size += text.utf8.count
        } else {
            keys.append(key)
            size += added
        }
    }

    /// Removes and returns the first key.
    mutating func next() -> Key? {
        guard start < keys.count else { return nil }
        defer {
            start += 1
            if start == keys.count { self = KeyQueue() }
        }
        return keys[start]
    }

    /// Moves all keys of another queue to the end of this one.
    mutating func take(_ other: inout KeyQueue) {
        while let key = other.next() { add(key) }
    }
}
