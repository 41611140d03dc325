import Synchronization

/// The bytes of messages that wait to be sent, in memory that a signal handler can send.
///
/// A process that crashes must not lose the results of calls that have ended. All functions need the caller's lock; only
/// the handler takes the bytes without it.
struct Outbox: Sendable {
    static let capacity = 16 << 10

    // Allocated for the life of the process. The words are atomic, and the bytes belong to the one who took their count.
    private nonisolated(unsafe) let base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    private nonisolated(unsafe) let available = UnsafeMutablePointer<Atomic<Int>>.allocate(capacity: 1)

    init() { available.initialize(to: Atomic(0)) }

    func deallocate() {
        available.deinitialize(count: 1)
        available.deallocate()
        base.deallocate()
    }

    /// The addresses for the signal handler: the bytes, and the word with their number.
    ///
    /// The handler takes the bytes by exchanging the number for 0.
    var addresses: (bytes: UnsafeRawPointer, count: UnsafeMutableRawPointer) {
        (UnsafeRawPointer(base), UnsafeMutableRawPointer(available))
    }

    /// Takes all bytes.
    ///
    /// - Parameter expected: The number of bytes that were put back last.
    /// - Returns: False if the signal handler has them: the process is about to exit, and must not send them again.
    func take(_ expected: Int) -> Bool { available.pointee.exchange(0, ordering: .acquiring) == expected }

    /// Puts bytes back, after others have been appended to them.
    func put(_ count: Int) { available.pointee.store(count, ordering: .releasing) }

    /// Appends bytes to the given number of bytes, which the caller has taken.
    ///
    /// - Returns: False if there is no room for them.
    func append(_ bytes: [UInt8], after count: Int) -> Bool {
        guard bytes.count <= Self.capacity - count else { return false }
        let room = UnsafeMutableRawBufferPointer(start: base + count, count: bytes.count)
        bytes.withUnsafeBytes(room.copyMemory)
        return true
    }

    /// The first bytes, which the caller has taken.
    func bytes(_ count: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
}
