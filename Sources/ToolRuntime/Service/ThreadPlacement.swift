/// The decision whether a worker's listening thread moves to the processor of its caller.
///
/// A caller that makes short calls one after another waits for each result. If the worker runs on another processor, that
/// one is idle between the calls, and waking it takes longer than the call: in a virtual machine up to four times as long
/// as the whole round trip on one processor. The system wakes a thread where it ran last if that processor is idle, so it
/// stays there until it is moved.
struct ThreadPlacement {
    /// The other processor that the last calls came from.
    private var callers = UInt32.max
    /// The number of calls in a row from there.
    private var count = 0

    /// The number of calls in a row from one other processor after which the thread moves.
    ///
    /// A single call is not worth a move, and callers on several processors must not send it to and fro.
    private static let patience = 8

    /// Handles a short call.
    ///
    /// - Parameters:
    ///   - caller: The processor of the thread that sent the call; `UInt32.max` if it is unknown.
    ///   - own: The processor of the thread that received it.
    /// - Returns: True if the thread should move to the processor of the caller.
    mutating func mustMove(to caller: UInt32, from own: UInt32) -> Bool {
        guard caller != own, caller != .max, own != .max else {
            count = 0
            return false
        }
        count = caller == callers ? count + 1 : 1
        callers = caller
        guard count == Self.patience else { return false }
        count = 0
        return true
    }
}
