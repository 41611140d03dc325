import Glibc
import Locks
import ToolRuntime

/// The search for the interpreters of Python files.
///
/// All methods may be called on any thread, and block it while an interpreter is asked.
final class PythonInterpreters: Sendable {
    private let configuration: PythonConfiguration
    private let known: KnownInterpreters

    /// - Parameter cacheDirectory: The directory of the replies of interpreters, or nil to store none.
    init(_ configuration: PythonConfiguration, cacheDirectory: String?) {
        self.configuration = configuration
        known = KnownInterpreters(directory: cacheDirectory)
    }

    /// Finds the interpreter of a plugin.
    ///
    /// - Throws: ``PythonError`` if there is none, other users could replace it, or it cannot run plugins.
    func interpreter(ofPlugin name: String) throws(PythonError) -> PythonInterpreter {
        if let path = configuration.interpreters[name] ?? configuration.interpreter { return try interpreter(at: path) }
        for directory in configuration.searchPath where access(directory + "/python3", X_OK) == 0 {
            return try interpreter(at: directory + "/python3")
        }
        throw PythonError(
            "Needs Python \(PythonInterpreter.oldestVersion.short) or later, and there is no python3 in "
                + "\(configuration.searchPath.joined(separator: ":")).",
            remedy: .install(package: "python3")
        )
    }

    /// Finds the interpreter at a path, which may be the directory of an environment.
    private func interpreter(at path: String) throws(PythonError) -> PythonInterpreter {
        var scan = FileScan()
        var path = path
        if case .found(_, let status) = scan.locate(path), status.st_mode & S_IFMT == S_IFDIR {
            path += access(path + "/bin/python3", X_OK) == 0 ? "/bin/python3" : "/bin/python"
        }
        let (real, identity) = try Self.check(path, &scan)
        if let interpreter = known.interpreter(at: path, identity) { return interpreter }
        guard let reply = PythonProbe.ask(path) else {
            throw PythonError(
                "Needs a Python interpreter, and \(path) is none that works: it does not reply with its version. "
                    + "Versions before 3.4 do not reply."
            )
        }
        guard reply.implementation == "cpython", reply.version >= PythonInterpreter.oldestVersion else {
            throw PythonError(
                "Needs CPython \(PythonInterpreter.oldestVersion.short) or later, and \(path) is "
                    + "\(reply.implementation) \(reply.version)."
            )
        }
        // A wrapper starts another program than itself.
        let (program, programIdentity) = try Self.check(reply.command, &scan)
        let interpreter = PythonInterpreter(
            program: program,
            command: reply.command,
            version: reply.version,
            basePrefix: reply.basePrefix,
            environment: try Self.environment(of: reply.command, &scan),
            identity: programIdentity
        )
        // What a wrapper starts next time is not known from its file.
        if real == program { known.store(interpreter, at: path, identity) }
        return interpreter
    }

    /// Returns the real path and the state of a program that only this user and root can replace.
    private static func check(
        _ path: String,
        _ scan: inout FileScan
    ) throws(PythonError) -> (path: String, identity: FileIdentity) {
        switch scan.locate(path) {
        case .found(let real, let status):
            guard status.st_mode & S_IFMT == S_IFREG, access(real, X_OK) == 0 else {
                throw PythonError("Needs a Python interpreter, and \(path) is not a program.")
            }
            if let writer = status.foreignWriter(at: real) {
                throw PythonError(
                    "\(writer) could replace the Python interpreter \(real), so it is not started. "
                        + "Make it yours alone: \(status.remedy(real))"
                )
            }
            return (real, FileIdentity(status))
        case .missing: throw PythonError("Needs a Python interpreter, and \(path) does not exist.")
        case .fault(let fault):
            throw PythonError("The Python interpreter \(path) is not started. \(fault.message)")
        }
    }

    /// Returns the real path of the environment that a program belongs to, or nil if it belongs to none.
    private static func environment(of command: String, _ scan: inout FileScan) throws(PythonError) -> String? {
        let names = command.split(separator: "/").dropLast(2)
        let directory = "/" + names.joined(separator: "/")
        guard case .found(let path, let status) = scan.locate(directory + "/pyvenv.cfg") else { return nil }
        if let writer = status.foreignWriter(at: path) {
            throw PythonError("\(writer) could change \(path), so its environment is not used.")
        }
        return String(path.dropLast("/pyvenv.cfg".utf8.count))
    }
}

extension PythonVersion {
    /// The version without its micro number.
    fileprivate var short: String { "\(major).\(minor)" }
}
