/// The calls of a service by the host's numbers.
///
/// There are few at a time, so they are in an array, which needs no allocation for each call.
struct ServiceCalls: Sendable {
    private var entries: [(id: UInt64, record: CallRecord)] = []

    /// The call that was inserted last, unless it has been removed.
    private(set) var last: CallRecord?

    subscript(id: UInt64) -> CallRecord? { entries.last { $0.id == id }?.record }

    mutating func insert(_ record: CallRecord, as id: UInt64) {
        entries.append((id, record))
        last = record
    }

    /// Removes a call and returns it.
    mutating func remove(_ id: UInt64) -> CallRecord? {
        guard let index = entries.lastIndex(where: { $0.id == id }) else { return nil }
        entries.swapAt(index, entries.count - 1)
        let record = entries.removeLast().record
        if last === record { last = nil }
        return record
    }
}
