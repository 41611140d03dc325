import CWorker
import Glibc
import SystemPackage
import ToolRuntime

/// The events of a worker process that its own thread in the host waits for.
///
/// The socket is reported once, and then again after it has been armed: meanwhile a caller may read the messages, and
/// the thread does not wake up for each.
struct WorkerPoller: Sendable {
    /// The events that were reported.
    struct Events: OptionSet {
        let rawValue: Int32

        static let socket = Events(rawValue: Int32(WORKER_POLLER_SOCKET))
        static let output = Events(rawValue: Int32(WORKER_POLLER_OUTPUT))
        static let exit = Events(rawValue: Int32(WORKER_POLLER_EXIT))
        static let wake = Events(rawValue: Int32(WORKER_POLLER_WAKE))
    }

    private let poller: Int32
    private let alarm: Int32

    /// Creates a poller for the descriptors of a process, of which the socket is not armed.
    ///
    /// - Parameter exit: The descriptor that becomes readable at the exit; below 0 if the kernel has none.
    init(socket: FileDescriptor, output: FileDescriptor, exit: Int32) throws(Errno) {
        alarm = worker_wake_open()
        guard alarm >= 0 else { throw Errno(rawValue: errno) }
        poller = worker_poller_open(socket.rawValue, output.rawValue, exit, alarm)
        guard poller >= 0 else {
            let failure = Errno(rawValue: errno)
            Glibc.close(alarm)
            throw failure
        }
    }

    /// Reports the next event of the socket, or one that is there already.
    func arm(_ socket: FileDescriptor) { worker_poller_arm(poller, socket.rawValue, 1) }

    /// Reports no messages on the socket until it is armed, but its end.
    func disarm(_ socket: FileDescriptor) { worker_poller_arm(poller, socket.rawValue, 0) }

    /// Reports no more output, because at its end it would always be ready.
    func remove(output: FileDescriptor) { worker_poller_remove(poller, output.rawValue) }

    /// Makes the thread report ``Events/wake``.
    func wake() { worker_wake(alarm) }

    /// Waits for events.
    ///
    /// - Parameter time: The maximum time in milliseconds, or -1 for no maximum.
    /// - Returns: The events, none after the time has passed; nil if a signal interrupted the thread.
    func wait(_ time: Int32) -> Events? {
        let found = worker_poller_wait(poller, time)
        guard found >= 0 else { return nil }
        let events = Events(rawValue: found)
        if events.contains(.wake) { worker_wake_clear(alarm) }
        return events
    }

    func close() {
        Glibc.close(poller)
        Glibc.close(alarm)
    }
}
