// The process that holds one plugin. The host starts it; a person has no use for it.
//
// Descriptor 3 is the socket to the host, 4 the pipe for crash notes; both end with the host.

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
// By default they are as large as the user's limit (`ulimit -s`), and few threads would fit into the limit of memory.
_ = worker_set_stack_size(8 << 20)
// Standard output is a pipe, so the C library would keep lines back, and lose them in a crash.
StandardOutput.writeWholeLines()

private let confinement = Confinement()
private let service = PluginService(
    socket: hostSocket,
    surroundings: PluginService.Surroundings(
        confine: { order, path throws(PluginError) in try confinement.confine(order, plugin: path) },
        tighten: { () throws(PluginError) in try confinement.tighten() },
        enter: { worker_enter_call($0) },
        leave: { worker_leave_call() },
        flush: { StandardOutput.flush() }
    )
)
do {
    try service.run()
    StandardOutput.flush()
    // Not exit(): nothing of the plugin's is to run any more.
    _exit(0)
} catch {
    complain("toolhost-worker: the host sent \(error).")
    _exit(76)
}

private func complain(_ sentence: String) {
    let line = Array((sentence + "\n").utf8)
    _ = write(STDERR_FILENO, line, line.count)
}
