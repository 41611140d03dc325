public import Synchronization

/// A value that only one thread uses at a time.
///
/// It is a `Mutex` that is also safe in optimised asynchronous functions. A mutex stores the identifier of the thread that
/// holds it, and finds it in thread-local storage. In Swift 6.3 the optimiser inlines that into asynchronous functions and
/// keeps the address of the storage across an `await`, after which the function may run on another thread. The lock then
/// has the wrong owner, and the program ends at the unlock with "Call to unlock Mutex on a thread which hasn't acquired
/// the lock". Here nothing is inlined.
///
/// Public, although only the modules of this package use it: the compiler specialises no `package` function in another
/// module, and an unspecialised lock looks up types at each use.
public struct Lock<Value: ~Copyable>: ~Copyable, Sendable {
    @usableFromInline let mutex: Mutex<Value>

    /// Creates an unlocked value.
    @inlinable
    public init(_ value: consuming sending Value) { mutex = Mutex(value) }

    /// Calls a closure with the value while no other thread uses it.
    ///
    /// Blocks while another thread uses the value. The closure must not use the same lock again.
    @inlinable
    @inline(never)
    public borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try mutex.withLock(body)
    }

    /// Calls a closure with the value if no other thread uses it.
    ///
    /// - Returns: The result of the closure, or nil if another thread uses the value.
    @inlinable
    @inline(never)
    public borrowing func withLockIfAvailable<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result? {
        try mutex.withLockIfAvailable(body)
    }
}
