import Glibc
import ToolRuntime

/// The compiled form of the runner, which makes each start of an interpreter faster.
///
/// An interpreter ignores files that do not fit its version or the runner's sources, so they may be lost at any time.
enum PythonBytecode {
    /// Returns the real path of the directory for an interpreter, and compiles the runner into it if it is missing.
    ///
    /// Blocks the calling thread.
    ///
    /// - Parameter cache: The directory for files that can be made again, or nil for none.
    /// - Returns: Nil if there is none.
    static func directory(of interpreter: PythonInterpreter, _ runner: PythonRunner, in cache: String?) -> String? {
        guard let cache else { return nil }
        var status = stat()
        guard stat(runner.path, &status) == 0 else { return nil }
        let identity = FileIdentity(status)
        // An update of toolhost replaces the file.
        let name = "\(interpreter.version)-\(identity.number.inode)-\(identity.changed.seconds)"
        let directory = "\(cache)/python/\(name)"
        if access(directory, R_OK | X_OK) != 0 {
            // Without the site module, which would run code of an environment's packages outside of the sandbox.
            let prefix = "pycache_prefix=\(PrivateFile.target(of: cache))/python/\(name)"
            let words = [
                interpreter.command, "-I", "-S", "-X", prefix, "-m", "compileall", "-q",
                runner.directory + "/toolhost_runner",
            ]
            guard PythonProbe.run(words) != nil else { return nil }
        }
        return access(directory, R_OK | X_OK) == 0 ? PrivateFile.target(of: directory) : nil
    }
}
