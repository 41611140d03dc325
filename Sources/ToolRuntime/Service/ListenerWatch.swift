import Glibc
import Locks
import Synchronization

/// The state of the thread that listens to the host, in one word that it and the standby thread change.
///
/// The listening thread runs short calls itself. If a call turns out to be long, the standby thread takes over.
struct ListenerWatch: ~Copyable, Sendable {
    /// A state of the word.
    struct State: Equatable, AtomicRepresentable {
        var word: UInt64

        private static let calling: UInt64 = 1
        private static let asleep: UInt64 = 2
        private static let present: UInt64 = 4
        private static let over: UInt64 = 8
        private static let step: UInt64 = 16

        /// True while the listening thread runs a call.
        var isCalling: Bool { word & Self.calling != 0 }
        /// True if the standby thread waits until it is woken.
        var isAsleep: Bool { word & Self.asleep != 0 }
        /// True if there is a standby thread.
        var isPresent: Bool { word & Self.present != 0 }
        /// True after the last message.
        var isOver: Bool { word & Self.over != 0 }

        /// The state at the start of a call, which no earlier call had.
        var nextCall: State { State(word: (word & ~(Self.step - 1)) + Self.step | Self.present | Self.calling) }
        /// The state at the end of a call.
        var idle: State { State(word: word & ~Self.calling) }
        /// The state while the standby thread waits until it is woken.
        var sleeping: State { State(word: word | Self.asleep) }
        /// The state after the standby thread has taken over: it listens, and there is no standby thread.
        var taken: State { State(word: (word & ~(Self.step - 1)) + Self.step) }
        /// The state after the last message.
        var ended: State { State(word: word | Self.over) }

        static func encodeAtomicRepresentation(_ value: consuming State) -> UInt64.AtomicRepresentation {
            UInt64.encodeAtomicRepresentation(value.word)
        }

        static func decodeAtomicRepresentation(_ storage: consuming UInt64.AtomicRepresentation) -> State {
            State(word: UInt64.decodeAtomicRepresentation(storage))
        }
    }

    private let state = Atomic(State(word: 0))
    private let bed = Semaphore()

    /// The time between two looks of the standby thread, in microseconds.
    private static let interval: UInt32 = 1000

    // MARK: - The listening thread

    /// Handles the start of a short call.
    ///
    /// - Parameters:
    ///   - start: Starts a thread that stands by; returns false if the system has none.
    ///   - prepare: Called before the standby thread can take over from the call.
    /// - Returns: The call for ``endCall(_:)``, or nil if no thread can stand by.
    func beginCall(_ start: () -> Bool, prepare: () -> Void = {}) -> State? {
        let old = state.load(ordering: .relaxed)
        guard old.isPresent || start() else { return nil }
        prepare()
        let call = old.nextCall
        // Only the standby thread may have changed the state meanwhile: it fell asleep.
        let last = state.exchange(call, ordering: .sequentiallyConsistent)
        if last.isAsleep { bed.signal() }
        return call
    }

    /// Handles the return of a short call.
    ///
    /// - Returns: False if the standby thread has taken over.
    func endCall(_ call: State) -> Bool {
        state.compareExchange(expected: call, desired: call.idle, ordering: .sequentiallyConsistent).exchanged
    }

    /// Handles the end of the service: the standby thread exits.
    func finish() {
        let last = state.exchange(state.load(ordering: .relaxed).ended, ordering: .sequentiallyConsistent)
        if last.isPresent { bed.signal() }
    }

    /// True while the listening thread runs a short call.
    var isCalling: Bool { state.load(ordering: .sequentiallyConsistent).isCalling }

    /// True if the standby thread waits until it is woken.
    var isAsleep: Bool { state.load(ordering: .sequentiallyConsistent).isAsleep }

    // MARK: - The standby thread

    /// Looks at the listening thread every millisecond while it runs calls.
    ///
    /// - Parameter flush: Called if there were calls at two looks in a row.
    /// - Returns: True if this thread must listen now, because the other one runs a long call.
    func standBy(_ flush: () -> Void) -> Bool {
        var last = state.load(ordering: .sequentiallyConsistent)
        while true {
            usleep(Self.interval)
            let now = state.load(ordering: .sequentiallyConsistent)
            if now.isOver { return false }
            if now.isCalling, now == last {
                if change(now, to: now.taken) { return true }
            } else if now.isCalling {
                if last.isCalling { flush() }
            } else if now == last, change(now, to: now.sleeping) {
                bed.wait()
                last = state.load(ordering: .sequentiallyConsistent)
                if last.isOver { return false }
                continue
            }
            last = now
        }
    }

    private func change(_ old: State, to new: State) -> Bool {
        state.compareExchange(expected: old, desired: new, ordering: .sequentiallyConsistent).exchanged
    }
}
