import Locks

/// The calls that plugins may use, by number.
///
/// The process has one table, and a number is never used again.
final class CallTable: Sendable {
    static let shared = CallTable()

    private struct State {
        var records: [UInt64: CallRecord] = [:]
        var last: UInt64 = 0
    }

    private let state = Lock(State())

    /// Returns a number that no call has had.
    func nextID() -> UInt64 {
        state.withLock { state in
            state.last += 1
            return state.last
        }
    }

    subscript(id: UInt64) -> CallRecord? {
        state.withLock { $0.records[id] }
    }

    func insert(_ record: CallRecord) {
        state.withLock { $0.records[record.id] = record }
    }

    func remove(_ record: CallRecord) {
        state.withLock { $0.records[record.id] = nil }
    }
}
