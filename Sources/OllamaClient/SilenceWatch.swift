import Synchronization

/// Notices when nothing has been heard for too long.
final class SilenceWatch: Sendable {
    private let last = Mutex(ContinuousClock.now)
    private let limit: Duration

    init(limit: Duration) { self.limit = limit }

    /// Something has been heard.
    func touch() {
        last.withLock { $0 = .now }
    }

    /// Returns once there has been silence for the whole of the limit; throws where the task is cancelled.
    func silence() async throws {
        while true {
            let end = last.withLock(\.self) + limit
            if ContinuousClock.now >= end { return }
            try await Task.sleep(until: end, clock: .continuous)
        }
    }
}
