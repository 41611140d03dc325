import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("Permissions of plugins", .timeLimit(.minutes(10)))
struct AccessTests {
    enum User: String, CaseIterable, CustomTestStringConvertible {
        case current, nobody
        /// Only root can switch to another user.
        static var available: [User] { geteuid() == 0 ? allCases : [.current] }
        var testDescription: String { rawValue }
    }

    @Test(
        "the kernel allows a plugin only what the user grants",
        arguments: [
            ("read", "Permission denied"), ("write", "Permission denied"), ("connect", "Operation not permitted"),
            ("exec", "Operation not permitted"),
        ],
        User.available
    )
    func isGranted(act: (how: String, refusal: String), user: User) throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        let isNobody = user == .nobody
        let (path, grant) =
            switch act.how {
            case "read": (fixture.data + "/file", "read=\(fixture.data)")
            case "write": (fixture.data + "/new", "write=\(fixture.data)")
            case "exec": ("/bin/true", "spawn=/bin/true")
            default: ("", "network=\(fixture.port)")
            }
        let arguments = #"{"how":"\#(act.how)","path":"\#(path)","port":\#(fixture.port)}"#
        let refused = try fixture.command("call", "touch", arguments, asNobody: isNobody).run()
        #expect(refused.output == act.refusal + "\n", "\(refused.errors)")
        let granted = try fixture.command("call", "touch", arguments, "--allow", grant, asNobody: isNobody).run()
        #expect(granted.output == "ok\n", "\(granted.errors)")
        try fixture.directory.plugin("plugins/other.so", FixtureSource.tool("other", body: "return TOOL_DONE;"))
        let another = try fixture.command("call", "touch", arguments, "--allow", "other:" + grant, asNobody: isNobody)
            .run()
        #expect(another.output == act.refusal + "\n", "\(another.errors)")
        let free = try fixture.command("call", "touch", arguments, "--sandbox", "off", asNobody: isNobody).run()
        #expect(free.output == "ok\n", "\(free.errors)")
    }

    @Test("a plugin that lacks permissions is not offered, and the warning has the commands that grant them")
    func isNotOffered() throws {
        let fixture = try AccessFixture(permissions: #"{"read":["DATA"],"network":[443]}"#)
        defer { fixture.close() }
        let list = try fixture.command("list").run()
        #expect(!list.output.contains("touch "))
        #expect(list.errors.contains("toolhost trust \(fixture.plugin)"), "\(list.errors)")
        let call = try fixture.command("call", "touch", #"{"how":"read"}"#).run()
        #expect(call.status == 6 && call.errors.contains("Tool touch is withheld"), "\(call.errors)")
        let part = try fixture.command("call", "touch", #"{"how":"read"}"#, "--allow", "read=\(fixture.data)").run()
        #expect(part.status == 6 && part.errors.contains("--allow touch:network=443"), "\(part.errors)")
        let read = #"{"how":"read","path":"\#(fixture.data)/file"}"#
        let whole = ["--allow", "touch:read=\(fixture.data)", "--allow", "network=443"]
        #expect(try fixture.command(["call", "touch", read] + whole).run().output == "ok\n")
    }

    @Test(
        "a malformed grant is rejected with the expected form",
        arguments: [
            "", "read", "read=", "read=data", "reed=/x", "network=0", "network=http", "memory=1", "x:y:read=/x",
        ]
    )
    func words(text: String) throws {
        let result = try Command("list", "--no-default-plugins", "--allow", text).run()
        #expect(result.status == 64 && result.errors.contains("expected [PLUGIN:]read=PATH"), "\(result.errors)")
    }

    @Test("a trusted plugin must be trusted again after it changes")
    func isTrusted() throws {
        let permissions = #"{"read":["DATA"]}"#
        let fixture = try AccessFixture(permissions: permissions)
        defer { fixture.close() }
        let read = #"{"how":"read","path":"\#(fixture.data)/file"}"#
        let call = try fixture.command("call", "touch", read)
        let locked = try fixture.command("call", "touch", read, "--locked")

        let silent = try fixture.command("trust", fixture.plugin).run()
        #expect(silent.status != 0 && silent.errors.contains("--yes"), "\(silent.errors)")
        #expect(silent.errors.contains("asks to read \(fixture.data)"), "\(silent.errors)")
        #expect(try call.run().status == 6)
        let refused = try fixture.command("doctor", "--locked").run()
        #expect((refused.output + refused.errors).contains("Is not trusted, and only trusted plugins are loaded."))

        #expect(try fixture.command("trust", fixture.plugin, "--yes").run().status == 0)
        #expect(try call.run().output == "ok\n")
        #expect(try locked.run().output == "ok\n")
        let records = try fixture.command("trust", "--list", "--json").run().json
        #expect(
            records.array?.first?["name"] == "touch"
                && records.array?.first?["permissions"]?["read"]?.array?.first == .string(fixture.data)
        )

        try fixture.compile(permissions: permissions, remark: "changed")
        // A remark does not change the code, so the title of the schema changes as well.
        try fixture.compile(permissions: permissions, extra: #","title":"changed""#)
        let changed = try call.run()
        #expect(changed.status == 6 && changed.errors.contains("changed since"), "\(changed.errors)")
        #expect(try locked.run().status == 6)

        #expect(try fixture.command("trust", fixture.plugin, "-y").run().status == 0)
        #expect(try call.run().output == "ok\n")
        #expect(try fixture.command("trust", "--remove", "touch").run().errors.contains("no longer trusted"))
        #expect(try call.run().status == 6)
    }

    @Test(
        "a damaged, newer or insecure lock file is an error, and stays as it is",
        arguments: [
            (#"{"version":1,"plugins":{"#, 0o600, "damaged"), ("[]", 0o600, "damaged"),
            (#"{"version":2,"plugins":{}}"#, 0o600, "newer version"),
            (#"{"version":1,"plugins":{"x":{}}}"#, 0o600, "damaged at x"),
            (#"{"version":1,"plugins":{}}"#, 0o666, "chmod go-w"),
        ]
    )
    func lockFile(text: String, mode: Int, words: String) throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        try fixture.directory.directory("home/.config/toolhost")
        try fixture.directory.file("home/.config/toolhost/plugins.lock.json", text.utf8, mode: mode)
        for verb in [["list"], ["trust", fixture.plugin, "--yes"]] {
            let result = try fixture.command(verb).run()
            #expect(result.status != 0 && result.errors.contains(words), "\(verb): \(result.errors)")
            #expect(result.errors.contains("plugins.lock.json"), "\(verb): \(result.errors)")
        }
        let kept = try String(contentsOfFile: fixture.configuration + "/plugins.lock.json", encoding: .utf8)
        #expect(kept == text)
    }

    @Test("trust fails if the lock file cannot be written", .enabled(if: geteuid() == 0, "needs another user"))
    func readOnly() throws {
        let fixture = try AccessFixture(permissions: #"{"read":["DATA"]}"#)
        defer { fixture.close() }
        try fixture.directory.directory("home/.config/toolhost")
        // The directory belongs to root, so the user nobody cannot write it.
        let result = try fixture.command("trust", fixture.plugin, "--yes", asNobody: true).run()
        #expect(result.status != 0 && result.errors.contains("Permission denied"), "\(result.errors)")
    }

    // MARK: - Messages

    @Test("suggested commands are quoted for the shell")
    func quoted() throws {
        let fixture = try AccessFixture(permissions: #"{"read":["DATA/a b"],"network":[443]}"#)
        defer { fixture.close() }
        let file = fixture.directory.path + "/plugins/$(it's) mine.so"
        try FileManager.default.moveItem(atPath: fixture.plugin, toPath: file)
        let quoted = "'\(fixture.directory.path)/plugins/$(it'\\''s) mine.so'"
        let errors = try fixture.command("list").run().errors
        #expect(errors.contains("toolhost trust \(quoted) —"), "\(errors)")
        #expect(errors.contains("--allow 'touch:read=\(fixture.data)/a b' --allow touch:network=443"), "\(errors)")
        let locked = try fixture.command("doctor", "--locked").run().output
        #expect(locked.contains("toolhost trust \(quoted)\n"), "\(locked)")
    }

    @Test("a directory cannot be trusted, because its future content is unknown")
    func directory() throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        for name in ["plugins", "plugins/"] {
            let result = try fixture.command("trust", fixture.directory.path + "/" + name, "--yes").run()
            #expect(result.status == 64 && result.errors.contains("is a directory"), "\(result)")
        }
        #expect(try fixture.command("trust", "--list").run().errors.contains("No plugin is trusted"))
    }

    // MARK: - Paths

    /// Paths to `/`, to a directory of the reading process, or to an open file of a process.
    private static let magicLinks = [
        "/proc/self/root", "/proc//self/./root", "/proc/thread-self/cwd", "/proc/1/root", "/usr/../proc/self/fd/0",
        "/proc/self", "/proc/\u{301}x/../self/root",
    ]

    @Test("one process's part of /proc cannot be granted in any spelling", arguments: magicLinks)
    func magicLink(path: String) throws {
        let fixture = try AccessFixture(permissions: #"{"read":["\#(path)"]}"#)
        defer { fixture.close() }
        let words = "leads into one process's part of /proc"
        let trust = try fixture.command("trust", fixture.plugin, "--yes").run()
        #expect(trust.status == 4 && trust.errors.contains(words), "\(trust.errors)")
        let allowed = try fixture.command("list", "--allow", "read=\(path)").run()
        #expect(allowed.status == 64 && allowed.errors.contains(words), "\(allowed.errors)")
    }

    @Test("a grant for /proc does not lead out of it", arguments: User.available)
    func processes(user: User) throws {
        let fixture = try AccessFixture(permissions: #"{"read":["/proc"]}"#)
        defer { fixture.close() }
        func read(_ path: String) throws -> String {
            let arguments = #"{"how":"read","path":"\#(path)"}"#
            let grant = ["--allow", "touch:read=/proc"]
            return try fixture.command(["call", "touch", arguments] + grant, asNobody: user == .nobody).run().output
        }
        #expect(try read("/proc/meminfo") == "ok\n")
        for root in ["/proc/self/root", "/proc/thread-self/root", "/proc/self/task/../root"] {
            #expect(try read(root + fixture.data + "/file") == "Permission denied\n", "\(root)")
        }
    }

    @Test("a requested path is shown, recorded and enforced as its real path")
    func links() throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        let link = fixture.directory.path + "/link"
        let files = FileManager.default
        try files.createSymbolicLink(atPath: link, withDestinationPath: fixture.data)
        try fixture.compile(permissions: #"{"read":["\#(link)"]}"#)
        let trust = try fixture.command("trust", fixture.plugin, "--yes").run()
        #expect(trust.errors.contains("asks to read \(fixture.data)\n"), "\(trust.errors)")
        let records = try fixture.command("trust", "--list", "--json").run().json
        #expect(records.array?.first?[pointer: "/permissions/read/0"] == .string(fixture.data), "\(records.text())")
        let read = #"{"how":"read","path":"\#(fixture.data)/file"}"#
        #expect(try fixture.command("call", "touch", read).run().output == "ok\n")
        // The new target of the link is not granted.
        try files.removeItem(atPath: link)
        try files.createSymbolicLink(atPath: link, withDestinationPath: fixture.directory.path + "/home")
        let call = try fixture.command("call", "touch", read).run()
        #expect(call.status == 6 && call.errors.contains("read=\(fixture.directory.path)/home"), "\(call.errors)")
        // A link into one process's part of /proc is not followed.
        try files.removeItem(atPath: link)
        try files.createSymbolicLink(atPath: link, withDestinationPath: "/proc/self/root")
        let doctor = try fixture.command("doctor").run()
        #expect(doctor.output.contains("\(link) leads into one process's part of /proc"), "\(doctor.output)")
    }

    @Test(
        "a link that the plugin puts in place of a granted directory is not granted",
        arguments: ["sub", "sub/deeper"]
    )
    func swappedLink(granted: String) throws {
        let fixture = try AccessFixture(permissions: #"{"write":["DATA"],"read":["DATA","DATA/\#(granted)"]}"#)
        defer { fixture.close() }
        try fixture.directory.directory("data/sub/deeper")
        try fixture.directory.directory("secret/deeper")
        try fixture.directory.file("secret/deeper/key", "secret".utf8)
        try fixture.directory.file("data/sub/deeper/key", "public".utf8)
        #expect(try fixture.command("trust", fixture.plugin, "--yes").run().status == 0)
        let read = #"{"how":"read","path":"\#(fixture.data)/sub/deeper/key"}"#
        #expect(try fixture.command("call", "touch", read).run().output == "ok\n")
        // The plugin may do the same itself.
        let files = FileManager.default
        try files.moveItem(atPath: fixture.data + "/sub", toPath: fixture.data + "/old")
        try files.createSymbolicLink(
            atPath: fixture.data + "/sub",
            withDestinationPath: fixture.directory.path + "/secret"
        )
        #expect(try fixture.command("call", "touch", read).run().output == "Permission denied\n")
        let doctor = try fixture.command("doctor").run()
        #expect(doctor.output.contains("\(fixture.data)/\(granted), which was granted, is"), "\(doctor.output)")
        let allowed = try fixture.command("call", "touch", read, "--allow", "read=\(fixture.data)/\(granted)").run()
        #expect(allowed.output == "Permission denied\n", "\(allowed.errors)")
        #expect(allowed.errors.contains("is a symbolic link in a directory that the plugin itself may change"))
    }

    @Test("doctor, call and list show the permissions and their enforcement")
    func isShown() throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        let grants = ["--allow", "read=\(fixture.data)", "--allow", "network=443"]
        let doctor = try fixture.command(["doctor"] + grants).run()
        #expect(doctor.output.contains("read \(fixture.data)"), "\(doctor.output)")
        #expect(doctor.output.contains("connect to port 443 of any computer"), "\(doctor.output)")
        #expect(doctor.output.contains("could send what it reads"), "\(doctor.output)")
        let call = try fixture.command(["call", "touch", #"{"how":"none"}"#, "--json"] + grants).run().json
        #expect(call["sandbox"]?["files"] == true, "\(call.text())")
        let list = try fixture.command(["list", "--json"] + grants).run().json
        let tool = (list["tools"] ?? list).array?.first
        #expect(tool?["granted"]?["network"]?.array?.first == 443, "\(list.text())")
        #expect(tool?["sandbox"]?["files"] == true, "\(list.text())")
    }
}
