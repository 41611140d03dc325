import Glibc

/// The reason why a wait ended.
package enum Readiness: Equatable {
    /// The event happened on the socket.
    case ready
    /// The latch at this index is open.
    case latch(Int)
    /// The deadline passed.
    case timeout

    /// An event on a socket.
    package enum Event: Int16 {
        /// The socket has input, or a connection to accept.
        case readable = 0x1
        /// The socket has room for output.
        case writable = 0x4
        /// The peer has closed its end. The value is that of `POLLRDHUP`, which the C module does not export.
        case closedByPeer = 0x2000
    }

    /// Waits until an event happens on a socket, a latch is open, or the deadline has passed.
    package static func wait(
        for event: Event,
        on descriptor: Int32,
        or latches: [Latch],
        until deadline: ContinuousClock.Instant? = nil
    ) -> Readiness {
        // Without this check, a socket that is always ready would never time out.
        if let deadline, deadline <= .now { return .timeout }
        var entries = latches.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        entries.append(pollfd(fd: descriptor, events: event.rawValue, revents: 0))
        // The latches must stay alive until here: closing a descriptor does not wake a thread that polls it.
        return withExtendedLifetime(latches) {
            var count: Int32
            repeat {
                count = poll(&entries, nfds_t(entries.count), deadline.map(milliseconds) ?? -1)
            } while count < 0 && errno == EINTR
            guard count > 0 else { return .timeout }
            return latches.indices.first { entries[$0].revents != 0 }.map(Readiness.latch) ?? .ready
        }
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let remaining = (deadline - .now) / .milliseconds(1)
        return Int32(min(max(remaining, 0), 1_000_000_000).rounded(.up))
    }
}
