import Synchronization

/// Lets a bounded number of calls run at once, in all and in each plugin.
///
/// The others wait in line.
final class CallSlots: Sendable {
    private struct Waiter {
        let number: UInt64
        let plugin: String?
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var running = 0
        var runningIn: [String: Int] = [:]
        var waiters: [Waiter] = []
        var cancelled: Set<UInt64> = []
        var nextNumber: UInt64 = 0
    }

    private let state = Mutex(State())
    private let total: Int
    private let each: Int

    init(total: Int, each: Int) {
        self.total = max(1, total)
        self.each = max(1, each)
    }

    /// Waits for a slot.
    ///
    /// A slot that was had must be given back.
    ///
    /// - Parameter plugin: Whose call it is; `nil` for tools of the program, which have no bound of their own.
    /// - Returns: Whether there is a slot; not if the task was cancelled while it waited.
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

    /// Gives a slot back.
    func leave(_ plugin: String?) {
        let admitted: [Waiter] = state.withLock { state in
            state.running -= 1
            if let plugin { state.runningIn[plugin, default: 1] -= 1 }
            var admitted: [Waiter] = []
            var left: [Waiter] = []
            for waiter in state.waiters {
                if take(waiter.plugin, &state) { admitted.append(waiter) } else { left.append(waiter) }
            }
            state.waiters = left
            return admitted
        }
        for waiter in admitted { waiter.continuation.resume(returning: true) }
    }

    private func take(_ plugin: String?, _ state: inout State) -> Bool {
        guard state.running < total else { return false }
        if let plugin {
            guard state.runningIn[plugin, default: 0] < each else { return false }
            state.runningIn[plugin, default: 0] += 1
        }
        state.running += 1
        return true
    }
}
