import Glibc

/// The open files of a plugin that a worker process hands to the interpreter.
///
/// They stay open when the interpreter takes the place of the worker program.
struct HandedFiles {
    /// The arguments for the interpreter, one for each file: its descriptor and its path.
    private(set) var arguments: [String] = []

    /// The descriptors below this one have other uses.
    private static let firstDescriptor: Int32 = 5

    /// Opens the files, and checks that they are those that the host has checked.
    init(_ order: InterpreterOrder, stamp: [UInt64], plugin: String) throws(PluginError) {
        var found: [UInt64] = []
        for path in order.files {
            let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard file >= 0 else {
                throw Self.failure(.notFound, plugin, "\(path) cannot be opened: \(errorText(errno)).")
            }
            defer { close(file) }
            var status = stat()
            guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                throw Self.failure(.notFound, plugin, "\(path) is not a regular file.")
            }
            found += FileIdentity(status).stamp
            let handed = fcntl(file, F_DUPFD, Self.firstDescriptor)
            guard handed >= 0 else {
                throw Self.failure(.notLoadable, plugin, "\(path) cannot be passed on: \(errorText(errno)).")
            }
            arguments.append("\(handed):\(path)")
        }
        guard found == stamp else {
            throw Self.failure(.notTrusted, plugin, "Was replaced while it was loaded. Try again.")
        }
    }

    private static func failure(_ code: PluginError.Code, _ plugin: String, _ message: String) -> PluginError {
        PluginError(code, file: plugin, message)
    }
}
