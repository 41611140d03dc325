// Glibc declares `stdout` as a global variable, so each use of it is an access to shared state.
@preconcurrency import Glibc

/// The standard output of this process, as the C library buffers it.
enum StandardOutput {
    /// Makes standard output line-buffered, which it otherwise is on a terminal only.
    static func writeWholeLines() { setvbuf(stdout, nil, Int32(_IOLBF), 0) }

    /// Writes a line that has been printed in part.
    static func flush() {
        // A thread of the plugin may hold the stream forever.
        guard ftrylockfile(stdout) == 0 else { return }
        fflush(stdout)
        funlockfile(stdout)
    }
}
