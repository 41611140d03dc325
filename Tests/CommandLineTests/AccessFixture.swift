import Foundation
import TestSupport

/// A directory with plugins that touch things, what they touch, and a home of its own.
struct AccessFixture {
    let directory: FixtureDirectory
    /// A port of this machine where somebody listens.
    let port: UInt16
    private let listener: Int32

    /// `touch(how, path)` of plugin `touch` does one thing, and gives `ok` or the error.
    ///
    /// - Parameters:
    ///   - permissions: What its manifest asks for, as JSON.
    ///   - extra: More members of its schema.
    init(permissions: String = "{}", extra: String = "") throws {
        directory = try FixtureDirectory()
        chmod(directory.path, 0o755)
        try directory.directory("plugins")
        try directory.directory("home")
        try directory.directory("data")
        try directory.file("data/file", Array("content".utf8), mode: 0o666)
        // Where the commands may run as somebody else, the home is for them, too; nobody takes away another's files there.
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

    /// Lets go of the port.
    func close() { Glibc.close(listener) }

    var plugin: String { directory.path + "/plugins/touch.so" }
    var data: String { directory.path + "/data" }
    var configuration: String { directory.path + "/home/.config/toolhost" }

    /// Makes the plugin, again as the case may be.
    func compile(permissions: String, extra: String = "", remark: String = "") throws {
        let permissions = permissions.replacingOccurrences(of: "DATA", with: data)
        let source = FixtureSource.tool(
            "touch",
            before: Self.acts,
            extra: #","parameters":{"type":"object","properties":{"how":{"type":"string"},"path":{"type":"string"},"#
                + #""port":{"type":"integer"}}}"# + extra,
            manifest: #"{"name":"touch","permissions":\#(permissions)}"#,
            body: """
                char how[16], path[4096];
                int64_t port = 0;
                copy(call, "/how", how, sizeof how);
                copy(call, "/path", path, sizeof path);
                tool_get_i64(call, "/port", &port);
                errno = 0;
                int failed = act(how, path, (int)port);
                tool_print(call, "%s", failed ? strerror(errno) : "ok");
                return tool_finish(call, TOOL_OK);
                """
        )
        try directory.plugin("plugins/touch.so", source + "\n// \(remark)\n")
    }

    private static let acts = """
        #include <arpa/inet.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <sys/wait.h>
        static void copy(const tool_call_v1 *call, const char *name, char *text, size_t size) {
            tool_text_v1 found;
            text[0] = 0;
            if (tool_get_text(call, name, &found) == TOOL_RESULT_OK && found.length < size) {
                memcpy(text, found.bytes, found.length);
                text[found.length] = 0;
            }
        }
        static int act(const char *how, const char *path, int port) {
            if (!strcmp(how, "read")) return open(path, O_RDONLY) < 0;
            if (!strcmp(how, "write")) return open(path, O_WRONLY | O_CREAT, 0600) < 0;
            if (!strcmp(how, "connect")) {
                struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
                to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
                int file = socket(AF_INET, SOCK_STREAM, 0);
                return file < 0 || connect(file, (struct sockaddr *)&to, sizeof to) != 0;
            }
            if (!strcmp(how, "exec")) {
                pid_t child = vfork();
                if (child == 0) {
                    execl(path, path, (char *)NULL);
                    _exit(errno);
                }
                int status;
                if (child < 0 || waitpid(child, &status, 0) < 0) return 1;
                errno = WEXITSTATUS(status);
                return status != 0;
            }
            errno = ENOSYS;
            return 1;
        }
        """

    /// A run of toolhost over these plugins.
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

    /// A copy that every user can run.
    private func publicProgram() throws -> String {
        let program = directory.path + "/toolhost"
        guard access(program, F_OK) != 0 else { return program }
        try ChildProcess.copy(["toolhost-worker", "toolhost"].map { BuiltProducts.executable($0) }, to: directory.path)
        return program
    }

    /// The message of a model that calls `touch` once for each of these arguments.
    static func calls(_ arguments: String...) -> String { calls(arguments) }

    static func calls(_ arguments: [String]) -> String {
        let calls = arguments.map { #"{"function":{"name":"touch","arguments":\#($0)}}"# }
        return #"{"tool_calls":[\#(calls.joined(separator: ","))]}"#
    }
}
