import ToolRuntime

/// How many messages of one kind are taken from a worker within a second.
///
/// Log lines and progress are for people; a flood of them would drown what else the host has to do.
struct MessageAllowance {
    private let limit: Int
    private var second = MonotonicInstant.now
    private var taken = 0
    private var dropped = 0

    init(perSecond limit: Int) { self.limit = limit }

    /// - Returns: Whether a message that has come is taken.
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

    /// How many were dropped since this was last asked.
    mutating func takeDropped() -> Int {
        defer { dropped = 0 }
        return dropped
    }
}
