import Foundation
import TestSupport
import Testing
import ToolHost
import ToolJSON

/// Libraries that a plugin brings along, and that are found by its run path.
@Suite("A plugin's own library", .inBothIsolations)
struct LibrarySearchTests {
    /// A plugin that needs `libown.so`, which needs `libdeeper.so`, each looked for as the flags say.
    private func fixture(_ flags: [String], in folder: FixtureFolder) throws {
        try folder.folder("own")
        let search = ["-L\(folder.path)/own", "-Wl,-rpath-link,\(folder.path)/own"]
        try folder.plugin("own/libdeeper.so", "int deeper(void) { return 42; }")
        try folder.plugin(
            "own/libown.so",
            "int deeper(void); int own(void) { return deeper(); }",
            flags: search + ["-Wl,-rpath,$ORIGIN", "-Wl,--no-as-needed", "-ldeeper"]
        )
        let source = FixtureSource.tool(
            "own",
            before: "int own(void);",
            body: #"tool_print(call, "%d", own()); return tool_finish(call, TOOL_OK);"#
        )
        try folder.plugin("user.so", source, flags: search + flags + ["-Wl,--no-as-needed", "-lown"])
    }

    @Test(
        "is loaded with it",
        arguments: [
            ["-Wl,-rpath,$ORIGIN/own"], ["-Wl,-rpath,${ORIGIN}/own"], ["-Wl,-rpath,$ORIGIN/none:$ORIGIN/own"],
            ["-Wl,--disable-new-dtags,-rpath,$ORIGIN/own"],
        ]
    )
    func loads(flags: [String]) async throws {
        let folder = try FixtureFolder()
        try fixture(flags, in: folder)
        let fixture = try await HostFixture.make(folder)
        #expect(await fixture.call("own")?.text == "42", "\(fixture.breakage("user.so") ?? "")")
    }

    @Test(
        "is one that others cannot replace",
        arguments: [
            ("own/libown.so", 0o666, "The library ", "Every user could replace its code"),
            ("own/libdeeper.so", 0o666, "/own/libdeeper.so, which it needs", "chmod go-w"),
            ("own", 0o777, "Every user could put a library at", "/own/"),
            ("first", 0o777, "Every user could put a library at", "/first/"),
            ("first", 0o1777, "Every user could put a library at", "/first/"),
        ]
    )
    func isPrivate(place: String, mode: Int, words: String, more: String) async throws {
        let folder = try FixtureFolder()
        try folder.folder("first")
        try fixture(["-Wl,-rpath,$ORIGIN/first:$ORIGIN/own"], in: folder)
        #expect(try await HostFixture.make(folder).breakage("user.so") == nil)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.path + "/" + place)
        let reason = try #require(try await HostFixture.make(folder).breakage("user.so"))
        #expect(reason.contains(words) && reason.contains(more), "\(reason)")
    }

    @Test("is not looked for where nobody can tell", arguments: ["own", ".", "$LIB/own", "$ORIGIN/own:"])
    func isFixed(runPath: String) async throws {
        let folder = try FixtureFolder()
        try fixture(["-Wl,-rpath,\(runPath)"], in: folder)
        let reason = try await HostFixture.make(folder).breakage("user.so")
        #expect(reason?.contains("begins with / or $ORIGIN") == true, "\(reason ?? "none")")
    }

    @Test("may be damaged, with the plugin that names it", arguments: 0..<40)
    func isDamaged(seed: Int) async throws {
        let folder = try FixtureFolder()
        try fixture(["-Wl,-rpath,$ORIGIN/own"], in: folder)
        var bytes = try Data(contentsOf: URL(filePath: folder.path + "/user.so"))
        // The program headers, and then the dynamic section that the second kind of them points to.
        let headers = 64..<(64 + 56 * Int(bytes[56]))
        let entry = stride(from: headers.lowerBound, to: headers.upperBound, by: 56).first { bytes[$0] == 2 }
        let section = try #require(entry).advanced(by: 8)
        let start = (0..<8).reversed().reduce(0) { $0 << 8 | Int(bytes[section + $1]) }
        let place = seed % 2 == 0 ? section + seed % 16 : start + seed * 8 % 480
        bytes[place] = bytes[place] &+ UInt8(37 + seed)
        try bytes.write(to: URL(filePath: folder.path + "/user.so"))
        guard Isolation.current != .inProcess else { return }
        // Whatever the linker makes of it, it is one plugin's death.
        let fixture = try await HostFixture.make(folder)
        #expect(fixture.host.plugins.count == 1)
    }
}
