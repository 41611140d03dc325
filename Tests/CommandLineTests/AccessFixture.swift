import Foundation
import TestSupport

/// A directory with a plugin, the data that it touches, and a home directory.
struct AccessFixture {
    let directory: FixtureDirectory
    /// A port of this machine on which a socket listens.
    let port: UInt16
    private let listener: Int32

    /// Creates a plugin whose tool `touch(how, path)` does one thing, and returns `ok` or the error.
    ///
    /// - Parameters:
    ///   - permissions: The permissions in its manifest, as JSON.
    ///   - extra: Additional members of its schema.
    init(permissions: String = "{}", extra: String = "") throws {
        directory = try FixtureDirectory()
        chmod(directory.path, 0o755)
        try directory.directory("plugins")
        try directory.directory("home")
        try directory.directory("data")
        try directory.file("data/file", Array("content".utf8), mode: 0o666)
        // If the commands may run as another user, they share this home; the sticky bit protects the files of each user.
        chmod(directory.path + "/home", geteuid() == 0 ? 0o1777 : 0o755)
        chmod(directory.path + "/data", 0o777)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutableBytes(of: &address) { bytes in
            guard let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
            return bind(listener, address, size) == 0 && listen(listener, 8) == 0
                && getsockname(listener, address, &size) == 0
        }
        guard isBound else { throw Command.Failure(description: "no listener: \(String(cString: strerror(errno)))") }
        port = UInt16(bigEndian: address.sin_port)
        try compile(permissions: permissions, extra: extra)
    }

    /// Closes the port.
    func close() { Glibc.close(listener) }

    var plugin: String { directory.path + "/plugins/touch.so" }
    var data: String { directory.path + "/data" }
    var configuration: String { directory.path + "/home/.config/toolhost" }

    /// Compiles the plugin, in place of an earlier one.
    func compile(permissions: String, extra: String = "", remark: String = "") throws {
        let permissions = permissions.replacingOccurrences(of: "DATA", with: data)
        let source = FixtureSource.tool(
            "touch",
            before: try FixtureSource.file("access_probe.c"),
            extra: #","parameters":{"type":"object","properties":{"how":{"type":"string"},"path":{"type":"string"},"#
                + #""port":{"type":"integer"}}}"# + extra,
            manifest: #"{"name":"touch","permissions":\#(permissions)}"#,
            body: "return probe(call);"
        )
        try directory.plugin("plugins/touch.so", source + "\n// \(remark)\n")
    }

    /// Returns a command that uses these plugins.
    func command(_ verb: String, _ more: String..., asNobody: Bool = false, input: String = "") throws -> Command {
        try command([verb] + more, asNobody: asNobody, input: input)
    }

    func command(_ words: [String], asNobody: Bool = false, input: String = "") throws -> Command {
        var command = Command("")
        command.arguments = words
        if words.first != "trust" {
            command.arguments += ["--no-default-plugins", "--plugins", directory.path + "/plugins"]
        }
        command.input = input
        command.environment["HOME"] = directory.path + "/home"
        if asNobody {
            command.program = try publicProgram()
            command.shell = #"exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@""#
        }
        return command
    }

    /// Returns a copy of the program that every user can run.
    private func publicProgram() throws -> String {
        let program = directory.path + "/toolhost"
        guard access(program, F_OK) != 0 else { return program }
        try ChildProcess.copy(["toolhost-worker", "toolhost"].map { BuiltProducts.executable($0) }, to: directory.path)
        return program
    }

    /// The message of a model that calls `touch` once for each element of the arguments.
    static func calls(_ arguments: String...) -> String { calls(arguments) }

    static func calls(_ arguments: [String]) -> String {
        let calls = arguments.map { #"{"function":{"name":"touch","arguments":\#($0)}}"# }
        return #"{"tool_calls":[\#(calls.joined(separator: ","))]}"#
    }
}
