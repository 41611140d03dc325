import Foundation
import TestSupport
import Testing
import ToolJSON

/// What is kept for the user can be spoiled, closed or full, and calls run all the same.
@Suite("The user's own files", .timeLimit(.minutes(10)))
struct StorageTests {
    private static let isRoot = geteuid() == 0
    private static let destructive = #","toolhost":{"annotations":{"destructive":true}}"#

    /// Takes away from the user that the commands run as, who is not root, the right to change a folder.
    private func close(_ path: String) { if !Self.isRoot { chmod(path, 0o500) } }
    private func open(_ path: String) { chmod(path, 0o755) }

    @Test("hold nobody up where a policy cannot be changed: what was answered counts for this run")
    func readOnlyPolicy() throws {
        let fixture = try AccessFixture(extra: Self.destructive)
        defer { fixture.close() }
        try fixture.folder.folder("home/.config/toolhost")
        try fixture.folder.file(
            "home/.config/toolhost/policy.json",
            #"{"version":1,"rules":[]}"#.utf8,
            mode: 0o444
        )
        close(fixture.configuration)
        defer { open(fixture.configuration) }
        let call = #"{"how":"read","path":"/usr/share/zoneinfo"}"#
        try fixture.folder.file("calls.json", AccessFixture.calls(call).utf8)
        let file = fixture.folder.path + "/calls.json"
        let session = try PseudoTerminal.run(
            fixture.command(["dispatch", file], asNobody: Self.isRoot),
            (after: "[n]o: ", type: "a\n")
        )
        #expect(session.status == 0 && session.text.contains("\"ok\""), "\(session.text)")
        #expect(session.text.contains("policy.json cannot be locked: Permission denied"), "\(session.text)")
    }

    @Test("hold nobody up where a lock file cannot be changed: what was answered counts for this run")
    func readOnlyLockFile() throws {
        let fixture = try AccessFixture(permissions: #"{"read":["DATA"]}"#)
        defer { fixture.close() }
        try fixture.folder.folder("home/.config/toolhost")
        close(fixture.configuration)
        defer { open(fixture.configuration) }
        try fixture.folder.file(
            "calls.json",
            AccessFixture.calls(#"{"how":"read","path":"\#(fixture.data)/file"}"#).utf8
        )
        let file = fixture.folder.path + "/calls.json"
        let session = try PseudoTerminal.run(
            fixture.command(["dispatch", file], asNobody: Self.isRoot),
            (after: "[n]o: ", type: "a\n")
        )
        #expect(session.status == 0 && session.text.contains("\"ok\""), "\(session.text)")
        #expect(session.text.contains("It is granted for this run alone. The lock file"), "\(session.text)")
    }

    @Test(
        "are made again where a cache is spoiled or another version's",
        arguments: ["", "{", #"{"version":"99/x","plugins":{"/x":{"stamp":[]}}}"#, #"{"version":3}"#, "[]"]
    )
    func spoiledCache(text: String) throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        try fixture.folder.folder("home/.cache/toolhost")
        let path = try fixture.folder.file("home/.cache/toolhost/registry.json", text.utf8)
        for _ in 0..<2 {
            let list = try fixture.command("list").run()
            #expect(list.output.contains("touch ") && list.errors.isEmpty, "\(list)")
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains(fixture.plugin))
    }

    @Test("are done without where the cache cannot be written")
    func readOnlyCache() throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        let cache = try fixture.folder.folder("home/.cache/toolhost")
        close(cache)
        defer { open(cache) }
        for _ in 0..<2 {
            let list = try fixture.command(["list"], asNobody: Self.isRoot).run()
            #expect(list.status == 0 && list.output.contains("touch ") && list.errors.isEmpty, "\(list)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: cache).isEmpty)
    }

    /// Runs the rest of its command line with a home folder that has room for names, and none for content.
    private static let onFullDisk = """
        exec unshare --mount sh -c '
            mount -t tmpfs -o size=64k none "$HOME" || exit 99
            cat /dev/zero >"$HOME/all" 2>/dev/null
            exec "$@"
        ' sh "$@"
        """

    /// Not every container lets its root mount something.
    private static let canMount: Bool = {
        guard isRoot else { return false }
        let probe = ["/bin/sh", "-c", "unshare --mount mount -t tmpfs none /mnt 2>/dev/null"]
        return (try? ChildProcess(probe, output: STDERR_FILENO).wait()) == 0
    }()

    @Test(
        "are told to be full, and no call is lost for it",
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
        try fixture.folder.file("calls.json", AccessFixture.calls(read).utf8)
        let session = try PseudoTerminal.run(
            command("dispatch", fixture.folder.path + "/calls.json"),
            (after: "[n]o: ", type: "a\n")
        )
        #expect(session.status == 0 && session.text.contains("\"ok\""), "\(session.text)")
        #expect(session.text.contains("No space left on device"), "\(session.text)")
    }
}
