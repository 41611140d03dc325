import Locks
import SystemPackage
import Synchronization

// MARK: - The thread that reads the messages

// Either a caller reads the messages of its calls, or the process's own thread reads them, which its poller wakes if
// the socket is armed:
//
// - A caller that begins to assist disarms the socket. The last one that ends arms it if calls run.
// - If none run, the socket stays disarmed, because another caller is likely to follow. The watch arms it within 20 ms.
// - The process's own thread arms the socket after it has handled messages, unless a caller assists.
extension WorkerProcess {
    func beginAssisting() {
        assistants.add(1, ordering: .sequentiallyConsistent)
        guard isArmed.load(ordering: .sequentiallyConsistent) else { return }
        state.withLock { state in
            guard let socket = state.socket else { return }
            poller.disarm(socket)
            isArmed.store(false, ordering: .sequentiallyConsistent)
        }
    }

    func endAssisting() {
        let (_, others) = assistants.subtract(1, ordering: .sequentiallyConsistent)
        guard others == 0 else { return }
        if isBusy.load(ordering: .sequentiallyConsistent) { arm() } else { WorkerWatch.shared.wake() }
    }

    /// True if a caller reads the messages.
    var isAssisted: Bool { assistants.load(ordering: .sequentiallyConsistent) > 0 }

    /// Arms the socket, unless a caller assists.
    func armUnlessAssisted() {
        if !isAssisted { arm() }
    }

    /// Arms the socket again, unless a caller assists, even if it counts as armed.
    func rearmUnlessAssisted() {
        guard !isAssisted else { return }
        isArmed.store(false, ordering: .sequentiallyConsistent)
        arm()
    }

    /// Lets the process's own thread handle the messages that a caller has left.
    func wakeThread() {
        // Its descriptors are closed after the socket is gone.
        state.withLock { state in
            if state.socket != nil { poller.wake() }
        }
    }

    private func arm() {
        guard !isArmed.load(ordering: .sequentiallyConsistent) else { return }
        state.withLock { state in
            guard let socket = state.socket else { return }
            isArmed.store(true, ordering: .sequentiallyConsistent)
            poller.arm(socket)
        }
    }
}
