import Glibc

/// Starts a detached thread.
///
/// - Returns: False if the system refuses another thread.
package func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let argument = Unmanaged.passRetained(Box(body))
    var thread = pthread_t()
    let failure = pthread_create(
        &thread,
        nil,
        { argument in
            if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        },
        argument.toOpaque()
    )
    guard failure == 0 else {
        argument.release()
        return false
    }
    pthread_detach(thread)
    return true
}
