import Locks

/// The slots that bound the number of calls that run at once, in total and in each plugin.
///
/// Further calls wait in order.
final class CallSlots: Sendable {
    private struct Waiter {
        let number: UInt64
        let plugin: String?
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var running = 0
        var runningInPlugin: [String: Int] = [:]
        var waiters: [Waiter] = []
        var cancelled: Set<UInt64> = []
        var nextNumber: UInt64 = 0
    }

    private let state = Lock(State())
    private let total: Int
    private let each: Int

    /// Creates slots.
    ///
    /// - Parameters:
    ///   - total: The maximum number of calls that run at once, at least 1.
    ///   - each: The maximum number of calls that run at once in one plugin, at least 1.
    init(total: Int, each: Int) {
        self.total = max(1, total)
        self.each = max(1, each)
    }

    /// The number of calls that wait for a slot.
    var waiting: Int { state.withLock(\.waiters.count) }

    /// Waits for a slot.
    ///
    /// A slot that was taken must be given back with ``leave(_:)``.
    ///
    /// - Parameter plugin: The file of the plugin that the call runs in, or nil if only the total bound applies.
    /// - Returns: True if the slot was taken; false if the task was cancelled while it waited.
    func enter(_ plugin: String?) async -> Bool {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        defer { state.withLock { _ = $0.cancelled.remove(number) } }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let result: Bool? = state.withLock { state in
                    if state.cancelled.remove(number) != nil { return false }
                    if take(plugin, &state) { return true }
                    state.waiters.append(Waiter(number: number, plugin: plugin, continuation: continuation))
                    return nil
                }
                if let result { continuation.resume(returning: result) }
            }
        } onCancel: {
            let waiter: Waiter? = state.withLock { state in
                guard let index = state.waiters.firstIndex(where: { $0.number == number }) else {
                    state.cancelled.insert(number)
                    return nil
                }
                return state.waiters.remove(at: index)
            }
            waiter?.continuation.resume(returning: false)
        }
    }

    /// Gives a slot back, and admits the calls that waited for it.
    func leave(_ plugin: String?) {
        let admitted: [Waiter] = state.withLock { state in
            state.running -= 1
            if let plugin { state.runningInPlugin[plugin, default: 1] -= 1 }
            var admitted: [Waiter] = []
            var remaining: [Waiter] = []
            for waiter in state.waiters {
                if take(waiter.plugin, &state) { admitted.append(waiter) } else { remaining.append(waiter) }
            }
            state.waiters = remaining
            return admitted
        }
        for waiter in admitted { waiter.continuation.resume(returning: true) }
    }

    private func take(_ plugin: String?, _ state: inout State) -> Bool {
        guard state.running < total else { return false }
        if let plugin {
            guard state.runningInPlugin[plugin, default: 0] < each else { return false }
            state.runningInPlugin[plugin, default: 0] += 1
        }
        state.running += 1
        return true
    }
}
