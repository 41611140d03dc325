import Glibc
import Synchronization

extension ScriptedServer {
    /// Holds a reply back until a test opens it; it is never closed again.
    public final class Gate: Sendable {
        /// At its end once the gate is open, so that a thread can wait for it and for a socket at once.
        fileprivate let descriptor: Int32

        private let writer: Mutex<Int32?>

        /// A closed gate.
        public init() {
            var ends: [Int32] = [-1, -1]
            let result = pipe(&ends)
            precondition(result == 0, "pipe: error \(errno)")
            // A program that a test starts must not hold the gate shut.
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            descriptor = ends[0]
            writer = Mutex(ends[1])
        }

        deinit {
            open()
            close(descriptor)
        }

        /// Lets everybody through who waits, or will wait.
        public func open() {
            writer.withLock { writer in
                if let writer { close(writer) }
                writer = nil
            }
        }
    }
}

/// What a thread waited for.
enum Readiness: Hashable {
    case descriptor
    case gate(Int)
}

/// Waits until there is something to read, or a gate is open.
func waitUntilReadable(_ descriptor: Int32, or gates: [ScriptedServer.Gate]) -> Readiness {
    wait(for: Int16(POLLIN), on: descriptor, or: gates)
}

/// Waits until the other side has closed the connection, or a gate is open.
func waitUntilClosed(_ descriptor: Int32, or gates: [ScriptedServer.Gate]) -> Readiness {
    // The value of POLLRDHUP, which the C module hides behind a feature macro.
    wait(for: 0x2000, on: descriptor, or: gates)
}

private func wait(for events: Int16, on descriptor: Int32, or gates: [ScriptedServer.Gate]) -> Readiness {
    var entries = gates.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    entries.append(pollfd(fd: descriptor, events: events, revents: 0))
    while poll(&entries, nfds_t(entries.count), -1) < 0, errno == EINTR {}
    // The gates live at least until here: closing a descriptor does not wake who polls it.
    return withExtendedLifetime(gates) {
        gates.indices.first { entries[$0].revents != 0 }.map(Readiness.gate) ?? .descriptor
    }
}

/// Runs a body on a thread of its own, as it blocks.
func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(Box(body)).toOpaque()
    let result = pthread_create(
        &thread,
        nil,
        { argument in
            if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        },
        argument
    )
    precondition(result == 0, "pthread_create: error \(result)")
    pthread_detach(thread)
}

/// That port of 127.0.0.1.
func loopbackAddress(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}
