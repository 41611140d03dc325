// Glibc declares `stdout` as a global variable, so each use of it is an access to shared state.
@preconcurrency import Glibc

/// The buffer of the C library for the standard output of this process.
enum StandardOutput {
    /// Makes standard output line-buffered, as it is on a terminal.
    static func writeWholeLines() { setvbuf(stdout, nil, Int32(_IOLBF), 0) }

    /// Writes a line that has been printed in part.
    static func flush() {
        // A thread of the plugin may hold the lock of the stream forever.
        guard ftrylockfile(stdout) == 0 else { return }
        fflush(stdout)
        funlockfile(stdout)
    }
}
