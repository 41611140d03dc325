import Foundation
import TestSupport
import Testing
import ToolHost
import ToolJSON

/// Tests of libraries that a plugin finds through its run path.
@Suite("Libraries of plugins", .inBothIsolations)
struct LibrarySearchTests {
    /// Compiles a plugin that needs `libown.so`, which needs `libdeeper.so`, with the run path in the flags.
    private func fixture(_ flags: [String], in directory: FixtureDirectory) throws {
        try directory.directory("own")
        let search = ["-L\(directory.path)/own", "-Wl,-rpath-link,\(directory.path)/own"]
        try directory.plugin("own/libdeeper.so", "int deeper(void) { return 42; }")
        try directory.plugin(
            "own/libown.so",
            "int deeper(void); int own(void) { return deeper(); }",
            flags: search + ["-Wl,-rpath,$ORIGIN", "-Wl,--no-as-needed", "-ldeeper"]
        )
        let source = FixtureSource.tool(
            "own",
            before: "int own(void);",
            body: #"tool_print(call, "%d", own()); return tool_finish(call, TOOL_OK);"#
        )
        try directory.plugin("user.so", source, flags: search + flags + ["-Wl,--no-as-needed", "-lown"])
    }

    @Test(
        "a library on the run path is loaded with its plugin",
        arguments: [
            ["-Wl,-rpath,$ORIGIN/own"], ["-Wl,-rpath,${ORIGIN}/own"], ["-Wl,-rpath,$ORIGIN/none:$ORIGIN/own"],
            ["-Wl,--disable-new-dtags,-rpath,$ORIGIN/own"],
        ]
    )
    func loads(flags: [String]) async throws {
        let directory = try FixtureDirectory()
        try fixture(flags, in: directory)
        // The run path of a library is relative to the link through which it is found.
        try directory.directory("apart")
        rename(directory.path + "/own/libown.so", directory.path + "/apart/libown.so.1")
        symlink("../apart/libown.so.1", directory.path + "/own/libown.so")
        let fixture = try await HostFixture.make(directory)
        #expect(await fixture.call("own")?.text == "42", "\(fixture.breakage("user.so") ?? "")")
    }

    @Test(
        "a plugin is not loaded if other users can replace one of its libraries",
        arguments: [
            ("own/libown.so", 0o666, "It needs the library ", "Every user could replace its code"),
            ("own/libdeeper.so", 0o666, "/own/libdeeper.so. ", "chmod go-w"),
            ("own/tls/x86_64/libown.so", 0o666, "It needs the library ", "Every user could replace its code"),
            (
                "own/glibc-hwcaps/x86-64-v4/libown.so", 0o666, "It needs the library ",
                "Every user could replace its code"
            ),
            ("own", 0o777, "Every user could put a library at", "/own/"),
            ("first", 0o777, "Every user could put a library at", "/first/"),
            ("first", 0o1777, "Every user could put a library at", "/first/"),
        ]
    )
    func isPrivate(place: String, mode: Int, words: String, more: String) async throws {
        let directory = try FixtureDirectory()
        try directory.directory("first")
        try fixture(["-Wl,-rpath,$ORIGIN/first:$ORIGIN/own"], in: directory)
        for variant in ["own/tls/x86_64", "own/glibc-hwcaps/x86-64-v4"] where place.hasPrefix(variant) {
            try directory.directory(variant)
            for name in ["libown.so", "libdeeper.so"] {
                let library = try Data(contentsOf: URL(filePath: directory.path + "/own/" + name))
                try directory.file("\(variant)/\(name)", library)
            }
        }
        #expect(try await HostFixture.make(directory).breakage("user.so") == nil)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: directory.path + "/" + place)
        let reason = try #require(try await HostFixture.make(directory).breakage("user.so"))
        #expect(reason.contains(words) && reason.contains(more), "\(reason)")
    }

    @Test(
        "a plugin with a relative or variable run path is not loaded",
        arguments: ["own", ".", "$LIB/own", "$ORIGIN/own:", "$ORIGINAL/own", "$ORIGIN/own:\u{301}own", "/$LIB"]
    )
    func isFixed(runPath: String) async throws {
        let directory = try FixtureDirectory()
        try fixture(["-Wl,-rpath,\(runPath)"], in: directory)
        let reason = try await HostFixture.make(directory).breakage("user.so")
        #expect(reason?.contains("begins with / or $ORIGIN") == true, "\(reason ?? "none")")
    }

    @Test("a damaged dynamic section does not harm the host", arguments: 0..<40)
    func isDamaged(seed: Int) async throws {
        let directory = try FixtureDirectory()
        try fixture(["-Wl,-rpath,$ORIGIN/own"], in: directory)
        var bytes = try Data(contentsOf: URL(filePath: directory.path + "/user.so"))
        // The program headers, and the dynamic section to which one of them points.
        let headers = 64..<(64 + 56 * Int(bytes[56]))
        let entry = stride(from: headers.lowerBound, to: headers.upperBound, by: 56).first { bytes[$0] == 2 }
        let section = try #require(entry).advanced(by: 8)
        let start = (0..<8).reversed().reduce(0) { $0 << 8 | Int(bytes[section + $1]) }
        let place = seed % 2 == 0 ? section + seed % 16 : start + seed * 8 % 480
        bytes[place] = bytes[place] &+ UInt8(37 + seed)
        try bytes.write(to: URL(filePath: directory.path + "/user.so"))
        guard Isolation.current != .inProcess else { return }
        // The dynamic linker may crash, but only in a worker process.
        let fixture = try await HostFixture.make(directory)
        #expect(fixture.host.plugins.count == 1)
    }

    @Test(
        "a library can be named by a path that is absolute or begins with $ORIGIN",
        arguments: [
            ("$ORIGIN/libown.so", nil), ("$ORIGIN/$LIB/libown.so", "begins with / or $ORIGIN"),
            ("lib$PLATFORM.so", "begins with / or $ORIGIN"), ("own/libown.so", "begins with / or $ORIGIN"),
        ] as [(String, String?)]
    )
    func isNamedByPath(name: String, words: String?) async throws {
        let directory = try FixtureDirectory()
        try directory.plugin("libown.so", "int own(void) { return 42; }", flags: ["-Wl,-soname,\(name)"])
        try directory.plugin("user.so", Self.user, flags: ["-L\(directory.path)", "-Wl,--no-as-needed", "-lown"])
        let fixture = try await HostFixture.make(directory)
        if let words {
            let reason = fixture.breakage("user.so") ?? "none"
            #expect(reason.contains(words), "\(reason)")
        } else {
            #expect(await fixture.call("own")?.text == "42", "\(fixture.breakage("user.so") ?? "")")
        }
    }

    private static let user = FixtureSource.tool(
        "own",
        before: "int own(void);",
        body: #"tool_print(call, "%d", own()); return tool_finish(call, TOOL_OK);"#
    )

    @Test("a plugin with filters or audit libraries is not loaded", arguments: ["-f", "-F", "--audit", "--depaudit"])
    func isNoSubstitute(flag: String) async throws {
        let directory = try FixtureDirectory()
        let other = try directory.plugin("other.so", "int other;")
        try directory.plugin("user.so", FixtureSource.healthy, flags: ["-Wl,\(flag),\(other)"])
        let reason = try await HostFixture.make(directory).breakage("user.so") ?? "none"
        #expect(reason.contains("DT_AUXILIARY"), "\(reason)")
    }

    @Test("a plugin with a run path that is not UTF-8 is not loaded")
    func isText() async throws {
        let directory = try FixtureDirectory()
        try fixture(["-Wl,-rpath,$ORIGIN/Xn:$ORIGIN/own"], in: directory)
        var bytes = try Data(contentsOf: URL(filePath: directory.path + "/user.so"))
        let place = try #require(bytes.range(of: Data("$ORIGIN/Xn".utf8)))
        bytes[place.upperBound - 2] = 0xFF
        try bytes.write(to: URL(filePath: directory.path + "/user.so"))
        let reason = try await HostFixture.make(directory).breakage("user.so") ?? "none"
        #expect(reason.contains("not UTF-8"), "\(reason)")
    }

    @Test("a plugin that loads a library without naming it is rejected")
    func isNamed() async throws {
        let directory = try FixtureDirectory()
        try directory.directory("own")
        let other = try directory.plugin("own/other.so", "int other(void) { return 1; }")
        let load = """
            #include <dlfcn.h>
            __attribute__((constructor)) static void load(void) { dlopen("\(other)", RTLD_NOW); }
            """
        let source = FixtureSource.tool("own", before: load, body: "return tool_finish(call, TOOL_OK);")
        try directory.plugin("user.so", source)
        // This process has other code mapped as well, and a sandbox prevents access to the file.
        guard case .workers(var workers) = Isolation.current else { return }
        workers.sandbox = .off
        let isolation = PluginIsolation.workers(workers)
        let reason = try await HostFixture.make(directory) { $0.isolation = isolation }.breakage("user.so") ?? "none"
        #expect(reason.contains("It loaded \(other), which is not among the libraries that it names"), "\(reason)")
    }

    @Test(
        "the number of libraries and of searched directories is limited",
        .timeLimit(.minutes(1)),
        arguments: [
            (ForgedLibrary(needed: "x.so", count: 60_000), "more than 256 libraries"),
            (ForgedLibrary(needed: "/" + String(repeating: "a", count: 1_000_000), count: 200), "damaged"),
            (ForgedLibrary(needed: String(repeating: "a", count: 256), count: 1), "damaged"),
            (ForgedLibrary(needed: "x.so", count: 256, directories: 65), "more than 64 directories"),
            (ForgedLibrary(needed: "x.so", count: 256, directories: 500_000), "damaged"),
            (ForgedLibrary(needed: "x.so", count: 256, directories: 64), "more than 50000 places"),
        ]
    )
    func isBounded(library: ForgedLibrary, words: String) async throws {
        let directory = try FixtureDirectory()
        try directory.file("forged.so", library.bytes)
        let reason = try await HostFixture.make(directory).breakage("forged.so") ?? "none"
        #expect(reason.contains(words), "\(reason)")
    }

    @Test("a plugin above the maximum size is not loaded")
    func isReadable() async throws {
        let directory = try FixtureDirectory()
        let path = try directory.plugin("user.so", FixtureSource.healthy)
        #expect(truncate(path, 1 << 40) == 0)
        let reason = try await HostFixture.make(directory).breakage("user.so") ?? "none"
        #expect(reason.contains("Has more than 1073741824 bytes"), "\(reason)")
    }
}
