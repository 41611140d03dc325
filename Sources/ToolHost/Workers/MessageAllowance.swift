import ToolRuntime

/// A limit on the messages of one kind that a worker may send within a second.
///
/// Log lines and progress are for people, and a flood of them would delay the host's other work.
struct MessageAllowance {
    private let limit: Int
    private var second: MonotonicInstant
    private var taken = 0
    private var dropped = 0

    /// True if messages were dropped since the last ``takeDropped()``.
    var hasDropped: Bool { dropped > 0 }

    init(perSecond limit: Int, at now: MonotonicInstant = .now) {
        self.limit = limit
        second = now
    }

    /// Counts a message that has arrived.
    ///
    /// - Returns: False if the message is to be dropped.
    mutating func take(at now: MonotonicInstant = .now) -> Bool {
        if now.since(second) >= .seconds(1) {
            second = now
            taken = 0
        }
        guard taken < limit else {
            dropped += 1
            return false
        }
        taken += 1
        return true
    }

    /// Returns the number of messages that were dropped since the last call.
    mutating func takeDropped() -> Int {
        defer { dropped = 0 }
        return dropped
    }
}
