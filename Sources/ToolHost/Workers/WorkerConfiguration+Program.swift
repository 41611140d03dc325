import Glibc
import SystemPackage
import ToolRuntime

extension WorkerConfiguration {
    /// The paths at which the worker program is looked for if none is given; empty if the running executable has no
    /// path.
    static let defaultProgramPaths: [String] = {
        guard let path = realpath("/proc/self/exe", nil) else { return [] }
        defer { free(path) }
        let executable = String(cString: path)
        guard let slash = executable.utf8.lastIndex(of: UInt8(ascii: "/")) else { return [] }
        let directory = String(executable[..<slash])
        let parent = directory.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(directory[..<$0]) } ?? ""
        return ["\(directory)/toolhost-worker", "\(parent)/libexec/toolhost/toolhost-worker"]
    }()

    /// Returns the real path of the worker program, which only this user and root can replace.
    ///
    /// - Throws: ``WorkerError`` if there is no program, or it must not be started.
    package func checkedProgram() throws(WorkerError) -> String {
        try checkedProgram(defaults: Self.defaultProgramPaths)
    }

    /// Returns the real path of the worker program.
    ///
    /// - Parameter defaults: The paths at which it is looked for if none is given.
    func checkedProgram(defaults: [String]) throws(WorkerError) -> String {
        let paths = program.map { [$0] } ?? defaults
        guard let path = paths.first(where: { access($0, F_OK) == 0 }) ?? paths.first else {
            throw WorkerError(
                "The worker program is looked for beside the running executable, whose path cannot be read: /proc is "
                    + "missing, or the executable was replaced or deleted after its start.",
                remedy: .reinstall
            )
        }
        // A relative path would lead to the current directory, where anyone may have put a program.
        guard path.utf8.first == UInt8(ascii: "/") else {
            throw WorkerError("The path of the worker program must be absolute: \(path)", remedy: .reinstall)
        }
        var scan = FileScan()
        let reason: String
        switch scan.locate(path) {
        case .found(let real, let status):
            if let writer = status.foreignWriter(at: real) {
                throw WorkerError(
                    "\(writer) could replace the worker program \(real), so it is not started. Make it yours alone: "
                        + status.remedy(real)
                )
            }
            if access(real, X_OK) == 0 { return real }
            reason = "Cannot be opened: \(Errno(rawValue: errno))."
        case .missing:
            guard paths.count == 1 else {
                let message = "The worker program was not found at \(paths.joined(separator: " or "))."
                throw WorkerError(message, remedy: .reinstall)
            }
            reason = "Cannot be opened: \(Errno.noSuchFileOrDirectory)."
        case .fault(let fault): reason = fault.message
        }
        throw WorkerError("The worker program \(path) cannot be run. \(reason)", remedy: .reinstall)
    }
}
