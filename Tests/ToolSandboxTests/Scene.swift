import Foundation
import TestSupport
import ToolSandbox

/// The environment of a probe: two directories, one of which is granted, and two servers.
final class Scene {
    /// A copy of the probe program that every user can run.
    let program: String
    /// The file in the place of the shared library.
    let plugin: String
    let granted: String
    let other: String
    /// The port of the granted server.
    let port: UInt16
    let otherPort: UInt16

    private let directory: FixtureDirectory
    private let listeners: [Listener]

    /// Creates an environment.
    ///
    /// - Parameter user: The owner of the directories.
    init(for user: Probe.User = .current) throws {
        directory = try FixtureDirectory()
        listeners = [try Listener(), try Listener()]
        port = listeners[0].port
        otherPort = listeners[1].port
        program = directory.path + "/probe"
        try ChildProcess.copy([BuiltProducts.executable("SandboxProbe")], to: program)
        plugin = try directory.file("plugin.so", "code".utf8)
        granted = try directory.directory("granted")
        other = try directory.directory("other")
        try directory.file("granted/file", "text".utf8)
        try directory.file("other/file", "text".utf8)
        try FileManager.default.createSymbolicLink(atPath: granted + "/link", withDestinationPath: other)
        chmod(directory.path, 0o755)
        guard user == .nobody else { return }
        for path in [granted, other, granted + "/file", other + "/file"] { chown(path, 65534, 65534) }
    }

    /// Creates an executable script.
    func script(_ name: String, _ text: String) throws -> String {
        let draft = try directory.file(name + ".draft", text.utf8, mode: 0o755)
        let script = directory.path + "/" + name
        try ChildProcess.copy([draft], to: script)
        return script
    }

    /// All available grants.
    var everything: SandboxGrants {
        SandboxGrants(read: [granted], write: [granted], connect: [port], spawn: ["/usr/bin/true", "/usr/bin/echo"])
    }
}

/// A local server that never responds.
private final class Listener {
    let port: UInt16
    private let socket: Int32

    init() throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = socket
        let isListening = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, size) == 0 && listen(socket, 16) == 0 && getsockname(socket, address, &size) == 0
            }
        }
        guard isListening else { throw Probe.Failure(description: "no listener: \(String(cString: strerror(errno)))") }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(socket) }
}
