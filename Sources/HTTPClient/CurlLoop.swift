import CCurl
import Glibc
import Locks

/// A thread that runs all transfers of one transport, with libcurl's multi interface.
///
/// Only this thread uses libcurl's handles. Other threads post commands and wake it.
final class CurlLoop: Sendable {
    enum Command: Sendable {
        case start(CurlTransfer)
        /// The reader has read the available bytes, or discards the rest.
        case resume(CurlTransfer)
        case stop(CurlTransfer)
    }

    private struct Inbox {
        var commands: [Command] = []
        var isEnding = false
        var hasEnded = false
        /// The number of threads that are about to wake the loop.
        var wakers = 0
    }

    private let configuration: CurlTransport.Configuration
    private let inbox = Lock(Inbox())
    // The thread frees it, or the last waker after that thread. Other threads only wake it.
    private nonisolated(unsafe) let multi: OpaquePointer

    /// The maximum number of connections that stay open for later requests.
    private static let maximumIdleConnections = 8
    /// The maximum time to sleep, so that a change of the clock cannot make a sleep endless.
    private static let maximumSleep = Duration.seconds(60)

    /// Starts the thread.
    ///
    /// - Throws: ``HTTPError`` if libcurl is not available, or the system cannot start a thread.
    init(_ configuration: CurlTransport.Configuration) throws(HTTPError) {
        self.configuration = configuration
        try CurlLibrary.open()
        guard let multi = libcurl_multi_init() else { throw HTTPError(.libraryUnavailable, "libcurl has no memory") }
        self.multi = multi
        _ = libcurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.maximumIdleConnections)
        // Without a free descriptor, libcurl starts without an error but can never be woken.
        guard libcurl_multi_wakeup(multi) == CURLM_OK else {
            libcurl_multi_cleanup(multi)
            throw HTTPError(.connectionFailed, "this process has no file descriptor left")
        }
        guard startThread({ [self] in run() }) else {
            libcurl_multi_cleanup(multi)
            throw HTTPError(.connectionFailed, "the system has no thread left")
        }
    }

    func post(_ command: Command) { wake { $0.commands.append(command) } }

    /// Makes the thread exit.
    ///
    /// Transfers in progress fail with `CancellationError`.
    func end() { wake { $0.isEnding = true } }

    /// Changes the inbox and wakes the thread, unless it has ended.
    private func wake(_ change: (inout Inbox) -> Void) {
        let isOpen = inbox.withLock { inbox in
            guard !inbox.hasEnded else { return false }
            change(&inbox)
            inbox.wakers += 1
            return true
        }
        guard isOpen else { return }
        // Not under the lock, which the thread needs as soon as it is awake.
        _ = libcurl_multi_wakeup(multi)
        let isLast = inbox.withLock { inbox in
            inbox.wakers -= 1
            return inbox.hasEnded && inbox.wakers == 0
        }
        guard isLast else { return }
        libcurl_thread_begin()
        libcurl_multi_cleanup(multi)
        libcurl_thread_end()
    }

    // MARK: - On the thread

    private func run() {
        libcurl_thread_begin()
        defer { libcurl_thread_end() }
        var active: [OpaquePointer: CurlHandle] = [:]
        while true {
            let (commands, isEnding) = inbox.withLock { inbox in
                defer { inbox.commands = [] }
                return (inbox.commands, inbox.isEnding)
            }
            for command in commands { perform(command, &active) }
            if isEnding { break }
            var running: Int32 = 0
            _ = libcurl_multi_perform(multi, &running)
            var result = CURLE_OK
            while let easy = libcurl_multi_next_ended(multi, &result) {
                active.removeValue(forKey: easy)?.end(result, multi)
            }
            // Only now: a reader that wakes earlier finds a part of the response, and sleeps again.
            for handle in active.values { deliver(handle, &active) }
            sleep(&active)
        }
        for handle in active.values { handle.stop(CancellationError(), multi) }
        let (commands, hasWakers) = inbox.withLock { inbox in
            inbox.hasEnded = true
            defer { inbox.commands = [] }
            return (inbox.commands, inbox.wakers > 0)
        }
        for case .start(let transfer) in commands { transfer.end(.failure(CancellationError())) }
        if !hasWakers { libcurl_multi_cleanup(multi) }
    }

    private func perform(_ command: Command, _ active: inout [OpaquePointer: CurlHandle]) {
        switch command {
        case .start(let transfer):
            // The stop of a transfer can be posted before its start. Such a transfer has already ended.
            guard !transfer.hasEnded else { return }
            do throws(HTTPError) {
                let handle = try CurlHandle(transfer, configuration)
                guard libcurl_multi_add_handle(multi, handle.easy) == CURLM_OK else {
                    return handle.stop(HTTPError(.libraryUnavailable, "libcurl has no memory"), multi)
                }
                active[handle.easy] = handle
            } catch {
                transfer.end(.failure(error))
            }
        case .resume(let transfer):
            guard let handle = active.values.first(where: { $0.transfer === transfer }) else { return }
            resume(handle, &active)
        case .stop(let transfer):
            guard let handle = active.values.first(where: { $0.transfer === transfer }) else { return }
            active[handle.easy] = nil
            handle.stop(CancellationError(), multi)
        }
    }

    /// Delivers what has arrived to the reader of a transfer, and resumes the transfer if it was paused.
    private func deliver(_ handle: CurlHandle, _ active: inout [OpaquePointer: CurlHandle]) {
        // The stored bytes arrive while libcurl resumes, and the reader may wait for them by then.
        while handle.transfer.deliver(), resume(handle, &active) {}
    }

    /// Lets a transfer continue after a pause.
    ///
    /// - Returns: False if it cannot continue, and has ended.
    @discardableResult
    private func resume(_ handle: CurlHandle, _ active: inout [OpaquePointer: CurlHandle]) -> Bool {
        let result = handle.resume()
        guard result != CURLE_OK else { return true }
        active[handle.easy] = nil
        handle.end(result, multi)
        return false
    }

    /// Ends the transfers whose timeout has expired, and waits for the network or a command.
    private func sleep(_ active: inout [OpaquePointer: CurlHandle]) {
        let now = SuspendingClock.now
        for (easy, handle) in active {
            guard let error = handle.transfer.timeout(now: now) else { continue }
            active[easy] = nil
            handle.stop(error, multi)
        }
        let end = active.values.map(\.transfer.deadline).min() ?? now + Self.maximumSleep
        let time = min(max(end - now, .zero), Self.maximumSleep)
        // Add a millisecond, because the conversion rounds down.
        _ = libcurl_multi_poll(multi, Int32(time / .milliseconds(1)) + 1)
    }
}

/// Runs a closure on a new thread, on which all signals are blocked.
///
/// - Returns: False if the system cannot start a thread.
private func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    // A new thread inherits the signal mask of the thread that creates it.
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let argument = Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    let failure = pthread_create(
        &thread,
        nil,
        { argument in
            if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
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
