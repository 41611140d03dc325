import CSandbox
import Glibc

/// A set of Landlock rules.
///
/// Once it is enforced, the process has only the granted rights.
struct LandlockRules: ~Copyable {
    private let descriptor: Int32
    private let handled: FileRights
    private let handlesPorts: Bool

    private static let bindPort: UInt64 = 1 << 0
    private static let connectPort: UInt64 = 1 << 1
    private static let abstractSockets: UInt64 = 1 << 0
    private static let signals: UInt64 = 1 << 1

    /// Creates an empty set, which grants no rights.
    ///
    /// - Parameter version: The version of the kernel's Landlock.
    init(version: Int) throws(SandboxError) {
        handled = .known(to: version)
        handlesPorts = version >= 4
        descriptor = sandbox_landlock_create(
            handled.rawValue,
            handlesPorts ? Self.bindPort | Self.connectPort : 0,
            version >= 6 ? Self.abstractSockets | Self.signals : 0
        )
        guard descriptor >= 0 else { throw Self.failure() }
    }

    deinit { close(descriptor) }

    /// Grants rights on a file of the system, if it exists.
    ///
    /// Symbolic links are followed.
    ///
    /// - Returns: True if the file exists.
    @discardableResult
    func allow(_ rights: FileRights, onSystemPath path: String) throws(SandboxError) -> Bool {
        let file = sandbox_open_path(path, 1)
        guard file >= 0 else { return false }
        defer { close(file) }
        try allow(rights, on: file)
        return true
    }

    /// Grants rights on the file at a path without symbolic links.
    ///
    /// - Returns: The reason why the grant is skipped, or nil on success.
    func allow(_ rights: FileRights, onRealPath path: String) throws(SandboxError) -> String? {
        let file = sandbox_open_path(path, 0)
        guard file >= 0 else {
            return errno == ELOOP
                ? "\(path) is not granted: it is or contains a symbolic link. Grant the target of the link."
                : "\(path) is not granted: \(errorText(errno))."
        }
        defer { close(file) }
        try allow(rights, on: file)
        return nil
    }

    private func allow(_ rights: FileRights, on file: Int32) throws(SandboxError) {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw Self.failure() }
        var rights = rights.intersection(handled)
        if status.st_mode & S_IFMT != S_IFDIR { rights.formIntersection(.ofFiles) }
        guard !rights.isEmpty else { return }
        guard sandbox_landlock_allow_path(descriptor, rights.rawValue, file) == 0 else { throw Self.failure() }
    }

    /// Grants connections to a TCP port, if the kernel distinguishes ports.
    func allowConnecting(to port: UInt16) throws(SandboxError) {
        guard handlesPorts else { return }
        guard sandbox_landlock_allow_port(descriptor, Self.connectPort, port) == 0 else { throw Self.failure() }
    }

    /// Restricts this thread and all its future descendants permanently.
    func enforce() throws(SandboxError) {
        guard sandbox_landlock_restrict(descriptor) == 0 else { throw Self.failure() }
    }

    private static func failure() -> SandboxError {
        SandboxError("Access to files was not confined with Landlock: \(errorText(errno)).")
    }
}
