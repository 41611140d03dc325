// Its `stdout` is a variable, and each use of it an access to shared state.
@preconcurrency import Glibc

/// The standard output of this process, as the C library buffers it.
enum StandardOutput {
    /// Has each line written when it ends, although standard output is no terminal.
    static func writeWholeLines() { setvbuf(stdout, nil, Int32(_IOLBF), 0) }

    /// Writes a line that has been printed in part.
    static func flush() {
        // A thread of the plugin may hold the stream forever.
        guard ftrylockfile(stdout) == 0 else { return }
        fflush(stdout)
        funlockfile(stdout)
    }
}
