import Foundation
import TestSupport
import Testing
import ToolJSON

/// Files of the user that are damaged, read-only, locked or on a full disk; calls run anyway.
@Suite("The user's own files", .timeLimit(.minutes(10)))
struct StorageTests {
    private static let isRoot = geteuid() == 0
    private static let destructive = #","toolhost":{"annotations":{"destructive":true}}"#

    /// Makes a directory read-only for the user of the commands.
    private func close(_ path: String) { if !Self.isRoot { chmod(path, 0o500) } }
    private func open(_ path: String) { chmod(path, 0o755) }

    @Test("an answer counts for this run if the policy cannot be changed")
    func readOnlyPolicy() throws {
        let fixture = try AccessFixture(extra: Self.destructive)
        defer { fixture.close() }
        try fixture.directory.directory("home/.config/toolhost")
        try fixture.directory.file(
            "home/.config/toolhost/policy.json",
            #"{"version":1,"rules":[]}"#.utf8,
            mode: 0o444
        )
        close(fixture.configuration)
        defer { open(fixture.configuration) }
        let call = #"{"how":"read","path":"/usr/share/zoneinfo"}"#
        try fixture.directory.file("calls.json", AccessFixture.calls(call).utf8)
        let file = fixture.directory.path + "/calls.json"
        let session = try PseudoTerminal.run(
            fixture.command(["dispatch", file], asNobody: Self.isRoot),
            (after: "[e]xplain: ", type: "a\n")
        )
        #expect(session.status == 0 && session.text.contains("\"ok\""), "\(session.text)")
        #expect(session.text.contains("policy.json cannot be locked: Permission denied"), "\(session.text)")
    }

    @Test("an answer counts for this run if the lock file cannot be changed")
    func readOnlyLockFile() throws {
        let fixture = try AccessFixture(permissions: #"{"read":["DATA"]}"#)
        defer { fixture.close() }
        try fixture.directory.directory("home/.config/toolhost")
        close(fixture.configuration)
        defer { open(fixture.configuration) }
        try fixture.directory.file(
            "calls.json",
            AccessFixture.calls(#"{"how":"read","path":"\#(fixture.data)/file"}"#).utf8
        )
        let file = fixture.directory.path + "/calls.json"
        let session = try PseudoTerminal.run(
            fixture.command(["dispatch", file], asNobody: Self.isRoot),
            (after: "[e]xplain: ", type: "a\n")
        )
        #expect(session.status == 0 && session.text.contains("\"ok\""), "\(session.text)")
        #expect(session.text.contains("It is granted for this run alone. The lock file"), "\(session.text)")
    }

    @Test(
        "a cache that is damaged or of another version is replaced",
        arguments: ["", "{", "\u{10}\0\0\0toolhost plugins", "\u{18}\0\0\0toolhost plugins 1/x.x.x.x", "\u{FF}"]
    )
    func spoiledCache(text: String) throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        try fixture.directory.directory("home/.cache/toolhost")
        let path = try fixture.directory.file("home/.cache/toolhost/plugins.cache", text.utf8)
        for _ in 0..<2 {
            let list = try fixture.command("list").run()
            #expect(list.output.contains("touch ") && list.errors.isEmpty, "\(list)")
        }
        #expect(try Data(contentsOf: URL(filePath: path)).range(of: Data(fixture.plugin.utf8)) != nil)
    }

    @Test("a cache that cannot be written is not used")
    func readOnlyCache() throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        let cache = try fixture.directory.directory("home/.cache/toolhost")
        close(cache)
        defer { open(cache) }
        for _ in 0..<2 {
            let list = try fixture.command(["list"], asNobody: Self.isRoot).run()
            #expect(list.status == 0 && list.output.contains("touch ") && list.errors.isEmpty, "\(list)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: cache).isEmpty)
    }

    /// A shell command that runs its arguments with a home directory that has room for names but not for content.
    private static let onFullDisk = """
        exec unshare --mount sh -c '
            mount -t tmpfs -o size=64k none "$HOME" || exit 99
            cat /dev/zero >"$HOME/all" 2>/dev/null
            exec "$@"
        ' sh "$@"
        """

    /// False in containers whose root cannot mount file systems.
    private static let canMount: Bool = {
        guard isRoot else { return false }
        let probe = ["/bin/sh", "-c", "unshare --mount mount -t tmpfs none /mnt 2>/dev/null"]
        return (try? ChildProcess(probe, output: STDERR_FILENO).wait()) == 0
    }()

    @Test(
        "a full disk is reported, and calls still run",
        .enabled(if: canMount, "needs root, and leave to mount a small file system")
    )
    func fullDisk() throws {
        let fixture = try AccessFixture(permissions: #"{"read":["DATA"]}"#)
        defer { fixture.close() }
        func command(_ words: String...) throws -> Command {
            var command = try fixture.command(words)
            command.shell = Self.onFullDisk
            return command
        }
        let trust = try command("trust", fixture.plugin, "--yes").run()
        #expect(trust.status == 74 && trust.errors.contains("No space left on device"), "\(trust.errors)")
        let read = #"{"how":"read","path":"\#(fixture.data)/file"}"#
        let call = try command("call", "touch", read, "--allow", "read=\(fixture.data)").run()
        #expect(call.output == "ok\n", "\(call.errors)")
        try fixture.directory.file("calls.json", AccessFixture.calls(read).utf8)
        let session = try PseudoTerminal.run(
            command("dispatch", fixture.directory.path + "/calls.json"),
            (after: "[e]xplain: ", type: "a\n")
        )
        #expect(session.status == 0 && session.text.contains("\"ok\""), "\(session.text)")
        #expect(session.text.contains("No space left on device"), "\(session.text)")
    }

    @Test("trust reports a file that another process has locked, instead of waiting for it")
    func heldLock() throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        try fixture.directory.directory("home/.config/toolhost")
        let path = try fixture.directory.file("home/.config/toolhost/plugins.lock.json.lock", [])
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        defer { Glibc.close(file) }
        #expect(flock(file, LOCK_EX) == 0)
        let trust = try fixture.command("trust", fixture.plugin, "--yes").run()
        #expect(trust.status == 74 && trust.errors.contains("another process has held"), "\(trust)")
        flock(file, LOCK_UN)
        #expect(try fixture.command("trust", fixture.plugin, "--yes").run().status == 0)
    }

    /// The ways in which a policy can be hidden.
    enum Hiding: CaseIterable { case link, directoryLink, openFixtureDirectory }

    @Test("a call is refused if the policy may have been hidden", arguments: Hiding.allCases)
    func hiddenPolicy(hiding: Hiding) throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        let directory = fixture.configuration
        try fixture.directory.directory("home/.config/toolhost")
        #expect(try fixture.command("call", "touch", "{}").run().status == 0)
        let words: String
        switch hiding {
        case .link:
            symlink("nothing", directory + "/policy.json")
            words = "policy.json is a symbolic link to nothing."
        case .directoryLink:
            rmdir(directory)
            symlink("nothing", directory)
            words = "\(directory) is a symbolic link to nothing."
        case .openFixtureDirectory:
            chmod(directory, 0o777)
            words = "could be replaced by others (Every user, in \(directory))"
        }
        let call = try fixture.command("call", "touch", "{}").run()
        #expect(call.status != 0 && call.errors.contains(words), "\(call)")
    }

    /// Compiles a plugin with one fixed tool and one with the given description.
    private func plugin(_ name: String, _ description: String, more: String = "", in directory: FixtureDirectory) throws
    {
        let source = """
            #include "tool_plugin.h"
            static int32_t run(void *context, const tool_call_v1 *call) { (void)context; return tool_finish(call, TOOL_OK); }
            static tool_v1 one = {.struct_size = sizeof(tool_v1), .execute = run,
                .schema = TOOL_TEXT("{\\"name\\":\\"\(name)\\",\\"description\\":\\"A\\"}")};
            static tool_v1 two = {.struct_size = sizeof(tool_v1), .execute = run,
                .schema = TOOL_TEXT("{\\"name\\":\\"\(name)_two\\",\\"description\\":\\"\(description)\\"}")};
            \(more)
            TOOL_PLUGIN("{\\"name\\":\\"\(name)\\"}", &one, &two)
            """
        try directory.plugin("plugins/\(name).so", source, flags: ["-Wno-all"])
    }

    @Test("list prints the same tools with and without a cache")
    func sameWithACache() throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        try plugin("odd", "\\377", in: fixture.directory)
        for (name, tool) in [("\u{E9}.so", "composed"), ("e\u{301}.so", "decomposed")] {
            try plugin(tool, "A", in: fixture.directory)
            rename("\(fixture.directory.path)/plugins/\(tool).so", "\(fixture.directory.path)/plugins/\(name)")
        }
        let first = try fixture.command("list").run()
        #expect(first.output.contains("odd ") && !first.output.contains("odd_two"), "\(first)")
        let second = try fixture.command("list").run()
        #expect(second.output == first.output)
        let path = fixture.directory.path + "/home/.cache/toolhost/plugins.cache"
        let cache = try Data(contentsOf: URL(filePath: path))
        for text in ["odd_two", "composed_two", "decomposed_two", "/\u{E9}.so", "/e\u{301}.so"] {
            #expect(cache.range(of: Data(text.utf8)) != nil, "\(text)")
        }
    }

    @Test("a registration that is too large is not cached")
    func largeRegistration() throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        // The schema and the manifest are each valid, and together too large for the cache.
        let source = FixtureSource.tool(
            "large",
            extra: #","$comment":"\#(String(repeating: "long", count: 250_000))""#,
            manifest: #"{"name":"large","comment":"\#(String(repeating: "long", count: 15_000))"}"#,
            body: "return tool_finish(call, TOOL_OK);"
        )
        try fixture.directory.plugin("plugins/large.so", source)
        let list = try fixture.command("list").run()
        #expect(list.output.contains("large "), "\(list.errors)")
        let path = fixture.directory.path + "/home/.cache/toolhost/plugins.cache"
        #expect(try Data(contentsOf: URL(filePath: path)).count < 1 << 10)
    }

    // MARK: - Hashes

    /// The sources of an unusable libcrypto: an empty file, or a library without the functions.
    private static let faults = ["", "int nothing;"]

    /// Creates a directory in which the dynamic linker finds an unusable libcrypto.
    private func brokenLibrary(_ source: String, in directory: FixtureDirectory) throws -> String {
        try directory.directory("broken")
        for name in ["libcrypto.so.3", "libcrypto.so.1.1"] {
            if source.isEmpty {
                try directory.file("broken/" + name, [])
            } else {
                try directory.plugin("broken/" + name, source)
            }
        }
        return directory.path + "/broken"
    }

    /// Waits until toolhost stores a hash of the file, two seconds after its last change.
    ///
    /// The function polls, because only the clock decides.
    private func waitUntilSettled(_ path: String) throws {
        var (status, now) = (stat(), timespec())
        try #require(stat(path, &status) == 0)
        repeat {
            usleep(10_000)
            clock_gettime(CLOCK_REALTIME, &now)
        } while now.tv_sec <= status.st_ctim.tv_sec + 2
    }

    @Test("libcrypto is needed only to hash a file, and the error names its package", arguments: faults)
    func withoutLibrary(source: String) throws {
        let fixture = try AccessFixture(permissions: #"{"read":["DATA"]}"#)
        defer { fixture.close() }
        let free = FixtureSource.tool("free", body: #"return tool_reply(call, tool_text("ok"));"#)
        try fixture.directory.plugin("plugins/free.so", free)
        let broken = try brokenLibrary(source, in: fixture.directory)
        func run(_ words: String...) throws -> Command.Result {
            var command = try fixture.command(words)
            command.environment["LD_LIBRARY_PATH"] = broken
            return try command.run()
        }
        let package = "Install the package libssl3"
        #expect(try run("call", "free").output == "ok\n")
        let trust = try run("trust", fixture.plugin, "--yes")
        #expect(trust.status == 74 && trust.errors.contains("touch.so cannot be trusted."), "\(trust)")
        #expect(trust.errors.contains(package))
        // Nothing is trusted, so no hash is compared.
        let locked = try run("list", "--locked")
        #expect(locked.output.isEmpty && locked.errors.contains("Is not trusted"), "\(locked)")

        #expect(try fixture.command("trust", fixture.plugin, "--yes").run().status == 0)
        for words in [["list"], ["list", "--locked"]] {
            var command = try fixture.command(words)
            command.environment["LD_LIBRARY_PATH"] = broken
            let list = try command.run()
            #expect(list.output.contains("free ") == (words.count == 1) && !list.output.contains("touch "), "\(list)")
            let words = "Cannot be compared with its trusted content."
            #expect(list.errors.contains(words) && list.errors.contains(package), "\(list)")
        }
        // A stored hash is used without libcrypto.
        try waitUntilSettled(fixture.plugin)
        #expect(try fixture.command("list").run().output.contains("touch "))
        let kept = try run("list")
        #expect(kept.output.contains("touch ") && kept.output.contains("free ") && kept.errors.isEmpty, "\(kept)")
        let call = try run("call", "touch", #"{"how":"read","path":"\#(fixture.data)/file"}"#)
        #expect(call.output == "ok\n", "\(call)")
        // --locked always computes the hash.
        #expect(try run("list", "--locked").errors.contains(package))

        let hash = String(repeating: "0", count: 64)
        try fixture.directory.directory("home/.local/state/toolhost")
        try fixture.directory.file(
            "home/.local/state/toolhost/quarantine.json",
            #"{"version":1,"plugins":{"\#(hash)":{"file":"/x","reason":"It died.","deaths":[1,2,3,4,5]}}}"#.utf8
        )
        let held = try run("list")
        #expect(held.output.contains("touch ") && !held.output.contains("free "), "\(held)")
        #expect(held.errors.contains("Cannot be compared with the plugins in quarantine"))
        #expect(held.errors.contains(package))
    }

    /// A shell command that runs its arguments with the plugins on a file system without change times.
    private static let onRamfs = """
        exec unshare --mount sh -c '
            cp "$HOME/../plugins/touch.so" "$HOME/copy" && mount -t ramfs none "$HOME/../plugins" || exit 99
            chmod 755 "$HOME/../plugins" && cp "$HOME/copy" "$HOME/../plugins/touch.so" && sleep 2.1
            "$@" >/dev/null && LD_LIBRARY_PATH="$HOME/../broken" exec "$@"
        ' sh "$@"
        """

    @Test(
        "no hash is stored for a file on a file system without change times",
        .enabled(if: canMount, "needs root, and leave to mount a small file system")
    )
    func unlistedFileSystem() throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        _ = try brokenLibrary("", in: fixture.directory)
        #expect(try fixture.command("trust", fixture.plugin, "--yes").run().status == 0)
        var command = try fixture.command("list")
        command.shell = Self.onRamfs
        let list = try command.run()
        #expect(!list.output.contains("touch ") && list.errors.contains("Install the package libssl3"), "\(list)")
    }

    @Test("a stored hash is not used after the file has changed")
    func changedFile() throws {
        let fixture = try AccessFixture(permissions: #"{"read":["DATA"]}"#)
        defer { fixture.close() }
        #expect(try fixture.command("trust", fixture.plugin, "--yes").run().status == 0)
        try waitUntilSettled(fixture.plugin)
        for _ in 0..<2 { #expect(try fixture.command("list").run().output.contains("touch ")) }
        // The file keeps its size and its modification time.
        var status = stat()
        try #require(stat(fixture.plugin, &status) == 0)
        let file = Glibc.open(fixture.plugin, O_RDWR | O_CLOEXEC)
        defer { Glibc.close(file) }
        var byte = UInt8()
        // The end of the section table is not read when the plugin is loaded.
        pread(file, &byte, 1, status.st_size - 1)
        byte ^= 1
        pwrite(file, &byte, 1, status.st_size - 1)
        futimens(file, [status.st_mtim, status.st_mtim])
        let list = try fixture.command("list").run()
        #expect(!list.output.contains("touch ") && list.errors.contains("has changed since it was trusted"), "\(list)")
    }
}
