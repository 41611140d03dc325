import Foundation
import TestSupport
import Testing
import ToolHost
import ToolJSON

/// Libraries that a plugin brings along, and that are found by its run path.
@Suite("A plugin's own library", .inBothIsolations)
struct LibrarySearchTests {
    /// A plugin that needs `libown.so`, which needs `libdeeper.so`, each looked for as the flags say.
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
        "is loaded with it",
        arguments: [
            ["-Wl,-rpath,$ORIGIN/own"], ["-Wl,-rpath,${ORIGIN}/own"], ["-Wl,-rpath,$ORIGIN/none:$ORIGIN/own"],
            ["-Wl,--disable-new-dtags,-rpath,$ORIGIN/own"],
        ]
    )
    func loads(flags: [String]) async throws {
        let directory = try FixtureDirectory()
        try fixture(flags, in: directory)
        // What it depends on is found by the name that leads to it, and so is what that depends on.
        try directory.directory("apart")
        rename(directory.path + "/own/libown.so", directory.path + "/apart/libown.so.1")
        symlink("../apart/libown.so.1", directory.path + "/own/libown.so")
        let fixture = try await HostFixture.make(directory)
        #expect(await fixture.call("own")?.text == "42", "\(fixture.breakage("user.so") ?? "")")
    }

    @Test(
        "is one that others cannot replace",
        arguments: [
            ("own/libown.so", 0o666, "The library ", "Every user could replace its code"),
            ("own/libdeeper.so", 0o666, "/own/libdeeper.so, which it needs", "chmod go-w"),
            ("own/tls/x86_64/libown.so", 0o666, "The library ", "Every user could replace its code"),
            ("own/glibc-hwcaps/x86-64-v4/libown.so", 0o666, "The library ", "Every user could replace its code"),
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
        "is not looked for where nobody can tell",
        arguments: ["own", ".", "$LIB/own", "$ORIGIN/own:", "$ORIGINAL/own", "$ORIGIN/own:\u{301}own", "/$LIB"]
    )
    func isFixed(runPath: String) async throws {
        let directory = try FixtureDirectory()
        try fixture(["-Wl,-rpath,\(runPath)"], in: directory)
        let reason = try await HostFixture.make(directory).breakage("user.so")
        #expect(reason?.contains("begins with / or $ORIGIN") == true, "\(reason ?? "none")")
    }

    @Test("may be damaged, with the plugin that names it", arguments: 0..<40)
    func isDamaged(seed: Int) async throws {
        let directory = try FixtureDirectory()
        try fixture(["-Wl,-rpath,$ORIGIN/own"], in: directory)
        var bytes = try Data(contentsOf: URL(filePath: directory.path + "/user.so"))
        // The program headers, and then the dynamic section that the second kind of them points to.
        let headers = 64..<(64 + 56 * Int(bytes[56]))
        let entry = stride(from: headers.lowerBound, to: headers.upperBound, by: 56).first { bytes[$0] == 2 }
        let section = try #require(entry).advanced(by: 8)
        let start = (0..<8).reversed().reduce(0) { $0 << 8 | Int(bytes[section + $1]) }
        let place = seed % 2 == 0 ? section + seed % 16 : start + seed * 8 % 480
        bytes[place] = bytes[place] &+ UInt8(37 + seed)
        try bytes.write(to: URL(filePath: directory.path + "/user.so"))
        guard Isolation.current != .inProcess else { return }
        // Whatever the linker makes of it, it is one plugin's death.
        let fixture = try await HostFixture.make(directory)
        #expect(fixture.host.plugins.count == 1)
    }

    @Test(
        "may be named by a path",
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

    @Test("is not one that is loaded beside it", arguments: ["-f", "-F", "--audit", "--depaudit"])
    func isNoSubstitute(flag: String) async throws {
        let directory = try FixtureDirectory()
        let other = try directory.plugin("other.so", "int other;")
        try directory.plugin("user.so", FixtureSource.healthy, flags: ["-Wl,\(flag),\(other)"])
        let reason = try await HostFixture.make(directory).breakage("user.so") ?? "none"
        #expect(reason.contains("DT_AUXILIARY"), "\(reason)")
    }

    @Test("is found by what is text")
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

    @Test("is one that the file names: what it loads besides, nobody has checked")
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
        // In this process everybody's code is mapped, and in a sandbox that file could not even be read.
        guard case .workers(var workers) = Isolation.current else { return }
        workers.sandbox = .off
        let isolation = PluginIsolation.workers(workers)
        let reason = try await HostFixture.make(directory) { $0.isolation = isolation }.breakage("user.so") ?? "none"
        #expect(reason.contains("It loaded \(other), which is not among the libraries that it names"), "\(reason)")
    }

    @Test(
        "is one of few, in few places",
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

    @Test("is no larger than can be read in good time")
    func isReadable() async throws {
        let directory = try FixtureDirectory()
        let path = try directory.plugin("user.so", FixtureSource.healthy)
        #expect(truncate(path, 1 << 40) == 0)
        let reason = try await HostFixture.make(directory).breakage("user.so") ?? "none"
        #expect(reason.contains("Has more than 1073741824 bytes"), "\(reason)")
    }
}

/// A library that has nothing but a dynamic section, with more in it than any linker would put there.
struct ForgedLibrary: Sendable, CustomTestStringConvertible {
    var needed: String
    var count: Int
    var directories = 0

    var testDescription: String { "\(needed.prefix(8)) × \(count) in \(directories) directories" }

    private static let base = 0x1000

    var bytes: [UInt8] {
        let path = Array(repeating: "/", count: directories).joined(separator: ":")
        let texts = [0] + Array(needed.utf8) + [0] + Array(path.utf8) + [0]
        var entries = Array(repeating: (1, 1), count: count)
        if directories > 0 { entries.append((29, needed.utf8.count + 2)) }
        entries += [(5, Self.base), (10, texts.count), (0, 0)]
        let dynamic = entries.flatMap { Self.number($0.0, 8) + Self.number($0.1, 8) }
        let size = texts.count + dynamic.count
        let header =
            [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + Array(repeating: UInt8(0), count: 9)
            + Self.number(3, 2) + Self.number(Self.machine, 2) + Self.number(1, 4) + Self.number(0, 8)
            + Self.number(64, 8) + Self.number(0, 8) + Self.number(0, 4)
            + [64, 56, 2, 64, 0, 0].flatMap { Self.number($0, 2) }
        let segments = Self.segment(1, Self.base, size) + Self.segment(2, Self.base + texts.count, dynamic.count)
        let start = header + segments
        return start + Array(repeating: 0, count: Self.base - start.count) + texts + dynamic
    }

    #if arch(arm64)
        private static let machine = 183
    #else
        private static let machine = 62
    #endif

    private static func segment(_ type: Int, _ place: Int, _ size: Int) -> [UInt8] {
        number(type, 4) + number(4, 4) + [place, place, place, size, size, 4096].flatMap { number($0, 8) }
    }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
