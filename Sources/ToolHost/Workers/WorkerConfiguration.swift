import Glibc
public import ToolSandbox

/// The settings of worker processes.
public struct WorkerConfiguration: Sendable, Hashable {
    /// The path of the worker program `toolhost-worker`, or nil to look for it.
    ///
    /// Without a path it is looked for beside the running executable, and then in `../libexec/toolhost` relative to that;
    /// never in `PATH` or in the current directory. It is started only if no other user could replace it.
    public var program: String?

    /// The behaviour if the kernel cannot confine the processes.
    public var sandbox = SandboxMode.bestEffort

    /// The time without calls after which a process is closed.
    public var idle = Duration.seconds(60)

    /// The environment of the processes, which inherit no variables of this process; empty by default.
    public var environment: [String: String] = [:]

    /// Creates the settings of worker processes.
    public init(program: String? = nil) { self.program = program }

    /// The paths at which the worker program is looked for if none is given.
    static let defaultProgramPaths: [String] = {
        guard let path = realpath("/proc/self/exe", nil) else { return [] }
        defer { free(path) }
        let executable = String(cString: path)
        guard let slash = executable.utf8.lastIndex(of: UInt8(ascii: "/")) else { return [] }
        let directory = String(executable[..<slash])
        let parent = directory.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(directory[..<$0]) } ?? ""
        return ["\(directory)/toolhost-worker", "\(parent)/libexec/toolhost/toolhost-worker"]
    }()

    /// The path of the worker program: the given one, or the first of the default paths that exists.
    ///
    /// If none exists it is the first one, so that the error of the start names it.
    var programPath: String {
        if let program { return program }
        let paths = Self.defaultProgramPaths
        // Without /proc there is no running executable to look beside.
        return paths.first { access($0, F_OK) == 0 } ?? paths.first ?? "toolhost-worker"
    }

    /// The paths that were searched for a program that does not exist.
    static func searchedPaths(for program: String) -> [String] {
        defaultProgramPaths.contains(program) ? defaultProgramPaths : [program]
    }
}
