import Locks

/// The calls that plugins may use, by number.
///
/// The process has one table, and a number is never used again.
final class CallTable: Sendable {
    static let shared = CallTable()

    private let calls = Lock(NumberedCalls<CallRecord>())

    subscript(number: UInt64) -> CallRecord? { calls.withLock { $0[number] } }

    /// Inserts a call, and returns its number.
    func insert(_ record: CallRecord) -> UInt64 { calls.withLock { $0.insert(record) } }

    /// Removes a call; has no effect if it is not in the table.
    func remove(_ number: UInt64) {
        // Freed after the lock is released, because that may run other code.
        let record = calls.withLock { $0.remove(number) }
        withExtendedLifetime(record) {}
    }
}
