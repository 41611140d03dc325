import Locks

/// The thread-safe lane of a plugin in this process, or of all tools of the program that are not concurrent.
package final class CallLane: Sendable {
    private let lane = Lock(Lane<CallRecord>())

    package init() {}

    var isWedged: Bool { lane.withLock { $0.isWedged } }

    func admit(_ record: CallRecord) -> Lane<CallRecord>.Admission { lane.withLock { $0.admit(record) } }

    func leave(_ record: CallRecord) -> CallRecord? { lane.withLock { $0.leave(record) } }

    func wedge(_ record: CallRecord) -> [CallRecord] { lane.withLock { $0.wedge(record) } }
}
