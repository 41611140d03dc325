import CSandbox
import Glibc

/// A set of Landlock rules: what it does not grant, the process can no longer do once it is bound to it.
struct LandlockRules: ~Copyable {
    private let descriptor: Int32
    private let handled: FileRights
    private let handlesPorts: Bool

    private static let bindPort: UInt64 = 1 << 0
    private static let connectPort: UInt64 = 1 << 1
    private static let abstractSockets: UInt64 = 1 << 0
    private static let signals: UInt64 = 1 << 1

    /// Makes an empty set, which grants nothing at all.
    ///
    /// - Parameter version: What the kernel has.
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

    /// Grants rights on something that the system has or has not, whatever links lead there.
    ///
    /// - Returns: Whether it is there.
    @discardableResult
    func allow(_ rights: FileRights, onSystemPath path: String) throws(SandboxError) -> Bool {
        let file = sandbox_open_path(path, 1)
        guard file >= 0 else { return false }
        defer { close(file) }
        try allow(rights, on: file)
        return true
    }

    /// Grants rights on exactly what a path names; links on the way are refused.
    ///
    /// - Returns: Why the grant is left out, where it is.
    func allow(_ rights: FileRights, onRealPath path: String) throws(SandboxError) -> String? {
        let file = sandbox_open_path(path, 0)
        guard file >= 0 else {
            return errno == ELOOP
                ? "\(path) is or lies behind a symbolic link, and is not granted. Grant the path that it leads to."
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

    /// Grants connections to a TCP port, where the kernel tells ports apart.
    func allowConnecting(to port: UInt16) throws(SandboxError) {
        guard handlesPorts else { return }
        guard sandbox_landlock_allow_port(descriptor, Self.connectPort, port) == 0 else { throw Self.failure() }
    }

    /// Binds this thread, and all that it starts from now on, for ever.
    func enforce() throws(SandboxError) {
        guard sandbox_landlock_restrict(descriptor) == 0 else { throw Self.failure() }
    }

    private static func failure() -> SandboxError {
        SandboxError("Landlock does not confine files: \(errorText(errno)).")
    }
}
