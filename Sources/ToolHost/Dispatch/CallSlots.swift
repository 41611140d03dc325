import Locks

/// The slots that bound the number of calls that run at once, in total and in each plugin.
///
/// Further calls wait in order. A call first waits for a slot of its plugin, and then for one of the total. So all that
/// wait for the latter may run, and each slot that becomes free goes to the first of them without a search.
final class CallSlots: Sendable {
    /// The identity of a plugin.
    typealias Plugin = ObjectIdentifier

    private typealias Continuation = CheckedContinuation<Bool, Never>

    private struct Waiter {
        let plugin: Plugin?
        /// Nil once the call was cancelled: it keeps its place, and gives up its slot when it gets one.
        var continuation: Continuation?
    }

    /// The slots of one plugin, while any of them is taken.
    private struct PluginSlots {
        var taken = 0
        /// The numbers of the calls that wait for a slot of the plugin, without those before ``head``.
        var waiting: [UInt64] = []
        var head = 0

        /// Takes a slot if fewer than the maximum are taken.
        mutating func take(of maximum: Int) -> Bool {
            guard taken < maximum else { return false }
            taken += 1
            return true
        }

        /// Gives a slot back, and returns the call that takes it over.
        mutating func leave() -> UInt64? {
            guard head < waiting.count else {
                taken -= 1
                return nil
            }
            defer {
                head += 1
                // Moving the rest costs time in proportion to it.
                if head * 2 >= waiting.count {
                    waiting.removeFirst(head)
                    head = 0
                }
            }
            return waiting[head]
        }
    }

    private struct State {
        var running = 0
        var plugins: [Plugin: PluginSlots] = [:]
        /// The calls that have a slot of their plugin and wait for one of the total.
        ///
        /// There are none while a slot of the total is free.
        var ready = NumberHeap()
        /// The calls that wait, by number.
        var waiters: [UInt64: Waiter] = [:]
        /// The calls that were cancelled before they waited.
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
    var waiting: Int { state.withLock { $0.waiters.values.count { $0.continuation != nil } } }

    /// Takes a slot if one is free.
    ///
    /// A slot that was taken must be given back with ``leave(_:)``.
    ///
    /// - Parameter plugin: The plugin that the call runs in, or nil if only the total bound applies.
    func enterAtOnce(_ plugin: Plugin?) -> Bool { state.withLock { take(plugin, &$0) } }

    /// Waits for a slot.
    ///
    /// A slot that was taken must be given back with ``leave(_:)``.
    ///
    /// - Parameter plugin: The plugin that the call runs in, or nil if only the total bound applies.
    /// - Returns: True if the slot was taken; false if the task was cancelled while it waited.
    func enter(_ plugin: Plugin?) async -> Bool {
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
                    wait(number, Waiter(plugin: plugin, continuation: continuation), &state)
                    return nil
                }
                if let result { continuation.resume(returning: result) }
            }
        } onCancel: {
            let continuation: Continuation? = state.withLock { state in
                let continuation = state.waiters[number]?.continuation.take()
                if continuation == nil { state.cancelled.insert(number) }
                return continuation
            }
            continuation?.resume(returning: false)
        }
    }

    /// Gives a slot back, and admits the call that waited for it.
    func leave(_ plugin: Plugin?) { release(plugin)?.resume() }

    /// Gives a slot back, and returns the call that takes it over.
    func release(_ plugin: Plugin?) -> AdmittedCall? {
        state.withLock { state in
            state.running -= 1
            leave(plugin, &state)
            while let number = state.ready.removeFirst(), let waiter = state.waiters.removeValue(forKey: number) {
                if let continuation = waiter.continuation {
                    state.running += 1
                    return AdmittedCall(continuation: continuation)
                }
                leave(waiter.plugin, &state)
            }
            return nil
        }
    }

    /// A call that was admitted and has not resumed yet.
    struct AdmittedCall: Sendable {
        fileprivate let continuation: CheckedContinuation<Bool, Never>

        func resume() { continuation.resume(returning: true) }
    }

    private func take(_ plugin: Plugin?, _ state: inout State) -> Bool {
        guard state.running < total else { return false }
        if let plugin, !state.plugins[plugin, default: PluginSlots()].take(of: each) { return false }
        state.running += 1
        return true
    }

    private func wait(_ number: UInt64, _ waiter: Waiter, _ state: inout State) {
        state.waiters[number] = waiter
        if let plugin = waiter.plugin, !state.plugins[plugin, default: PluginSlots()].take(of: each) {
            state.plugins[plugin]?.waiting.append(number)
        } else {
            state.ready.insert(number)
        }
    }

    /// Gives the slot of a plugin back, or passes it to the next call of the plugin.
    private func leave(_ plugin: Plugin?, _ state: inout State) {
        guard let plugin else { return }
        if let next = state.plugins[plugin]?.leave() { state.ready.insert(next) }
        // The identity may belong to another plugin later.
        if state.plugins[plugin]?.taken == 0 { state.plugins[plugin] = nil }
    }
}
