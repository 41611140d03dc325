import Glibc
import ToolRuntime

/// A Python interpreter of the user's.
struct PythonInterpreter: Sendable, Hashable {
    /// The real path of the program.
    let program: String
    /// The path by which it is started: in a virtual environment, it is how the interpreter finds the environment.
    let command: String
    let version: PythonVersion
    /// The directory of the installation.
    let basePrefix: String
    /// The directory of the virtual environment, or nil outside of one.
    let environment: String?
    /// The state of the program.
    let identity: FileIdentity

    /// The oldest version that runs the plugins.
    static let oldestVersion = PythonVersion(3, 9)

    /// The directory of the environment, or else of the installation.
    var prefix: String { environment ?? basePrefix }

    /// True if the interpreter and its packages belong to the system, which keeps them up to date.
    var isSystems: Bool { environment == nil && Self.isSystems(basePrefix) }

    private static func isSystems(_ prefix: String) -> Bool { ["/", "/usr", "/usr/local"].contains(prefix) }

    /// The real paths of the files and directories that it reads, besides those that every program may read.
    var readablePaths: [String] {
        var paths: [String] = []
        if !Self.isSystems(basePrefix) {
            paths += ["lib", "lib64", "share", "ssl", "etc"].map { "\(basePrefix)/\($0)" }
        }
        if let environment { paths += ["lib", "lib64", "pyvenv.cfg"].map { "\(environment)/\($0)" } }
        var real: [String] = []
        for path in paths where access(path, F_OK) == 0 {
            let target = PrivateFile.target(of: path)
            if !real.contains(target) { real.append(target) }
        }
        return real
    }

    /// The name of its version without the micro number, such as `3.11`.
    var shortVersion: String { "\(version.major).\(version.minor)" }
}
