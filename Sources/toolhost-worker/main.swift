// The worker process, which loads one plugin and runs its calls. It is started by the host, not by users.
//
// Descriptor 3 is the socket to the host, and 4 the pipe for crash notes. Both are closed when the host exits.

import CWorker
import Glibc
import ToolRuntime

private let hostSocket: Int32 = 3

guard CommandLine.argc == 2, let parent = pid_t(CommandLine.arguments[1]), fcntl(hostSocket, F_GETFD) >= 0 else {
    complain("toolhost-worker is started by toolhost, and is of no use by itself.")
    exit(64)
}
guard worker_die_with_parent(parent) != 0 else { exit(0) }
for descriptor in [hostSocket, Confinement.crashNotes] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
_ = chdir("/")
worker_note_crashes(Confinement.crashNotes)
// By default a stack is as large as the user's limit (`ulimit -s`), so few threads would fit into the memory limit.
_ = worker_set_stack_size(8 << 20)
// Standard output is a pipe, so the C library would buffer lines and lose them in a crash.
StandardOutput.writeWholeLines()

private let confinement = Confinement()
private let service = PluginService(
    socket: hostSocket,
    surroundings: PluginSurroundings(
        confine: { order, path throws(PluginError) in try confinement.confine(order, plugin: path) },
        become: { order, arguments, path, confined throws(PluginError) in
            try confinement.become(order, arguments: arguments, plugin: path, socket: hostSocket, confined)
        },
        tighten: { () throws(PluginError) in try confinement.tighten() },
        enter: { worker_enter_call($0) },
        leave: { worker_leave_call() },
        flush: { StandardOutput.flush() },
        rescue: { bytes, count in worker_send_at_exit(hostSocket, bytes, count) },
        processor: { worker_processor() },
        move: { worker_move_to_processor($0) }
    )
)
do {
    try service.run()
    StandardOutput.flush()
    // Not exit(): it would run handlers of the plugin.
    _exit(0)
} catch {
    complain("toolhost-worker: the host sent \(error).")
    _exit(76)
}

private func complain(_ sentence: String) {
    let line = Array((sentence + "\n").utf8)
    _ = write(STDERR_FILENO, line, line.count)
}
