import Foundation
import TestSupport
import Testing
import ToolHost
import ToolRuntime

/// The way to a file that is loaded or believed: each directory and each symbolic link on it.
@Suite("The way to a file")
struct PathFollowerTests {
    private static let other: uid_t = 65534
    private static let isRoot = geteuid() == 0

    /// What a path leads to.
    enum Outcome: Sendable, Equatable { case file, missing, dangling, distrust, failure }

    /// A path in a directory of the user's that has `file` and `sub/file`.
    struct Way: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let path: String
        let outcome: Outcome
        let needsRoot: Bool
        let make: @Sendable (_ directory: FixtureDirectory) throws -> Void

        init(
            _ testDescription: String,
            _ path: String,
            _ outcome: Outcome,
            needsRoot: Bool = false,
            _ make: @escaping @Sendable (FixtureDirectory) throws -> Void = { _ in }
        ) {
            (self.testDescription, self.path, self.outcome) = (testDescription, path, outcome)
            (self.needsRoot, self.make) = (needsRoot, make)
        }
    }

    /// Makes a link.
    private static func link(_ directory: FixtureDirectory, _ name: String, _ target: String, owner: uid_t? = nil) {
        symlink(target, directory.path + "/" + name)
        if let owner { lchown(directory.path + "/" + name, owner, owner) }
    }

    private static func makeDirectory(
        _ directory: FixtureDirectory,
        _ name: String,
        mode: mode_t,
        owner: uid_t? = nil
    ) throws {
        let path = try directory.directory(name)
        if let owner { chown(path, owner, owner) }
        chmod(path, mode)
    }

    private static let ways: [Way] = [
        Way("a file", "file", .file),
        Way("a file below", "sub/file", .file),
        Way("dots", "./sub/.././sub//file", .file),
        Way("a slash after a file", "file/", .failure),
        Way("a name below a file", "file/x", .failure),
        Way("a name that climbs out of a file", "file/../file", .failure),
        Way("a missing file", "none", .missing),
        Way("a missing directory", "none/file", .missing),
        Way("the user's link", "link", .file) { link($0, "link", "file") },
        Way("a link to an absolute path", "link", .file) { link($0, "link", $0.path + "/sub/file") },
        Way("a directory link", "link/file", .file) { link($0, "link", "sub") },
        Way("a link that climbs", "sub/link", .file) { link($0, "sub/link", "../file") },
        Way("a path that climbs out of where a link leads", "link/../file", .file) { link($0, "link", "sub") },
        Way("a missing file where a link leads", "link/none", .missing) { link($0, "link", "sub") },
        Way("a dangling link", "link", .dangling) { link($0, "link", "none") },
        Way("a dangling link to a missing directory", "link", .dangling) { link($0, "link", "none/file") },
        Way("a dangling directory link", "link/file", .dangling) { link($0, "link", "none") },
        Way("a link to a dangling link", "one", .dangling) {
            link($0, "one", "two")
            link($0, "two", "none")
        },
        Way("a link to itself", "link", .failure) { link($0, "link", "link") },
        Way("links in a circle", "one/file", .failure) {
            link($0, "one", "two")
            link($0, "two", "one")
        },
        Way("forty links", "39", .file) { directory in
            for number in 0..<40 { link(directory, "\(number)", number == 0 ? "file" : "\(number - 1)") }
        },
        Way("forty-one links", "40", .failure) { directory in
            for number in 0..<41 { link(directory, "\(number)", number == 0 ? "file" : "\(number - 1)") }
        },
        Way("a long path", String(repeating: "x", count: 5000), .failure),
        Way("a path with a zero", "file\0", .failure),
        Way("an open directory", "open/file", .distrust) { directory in
            try makeDirectory(directory, "open", mode: 0o777)
            try directory.file("open/file", [])
        },
        Way("a missing file in an open directory", "open/none", .distrust) {
            try makeDirectory($0, "open", mode: 0o777)
        },
        Way("the user's link in an open directory", "open/link", .distrust) { directory in
            try makeDirectory(directory, "open", mode: 0o777)
            link(directory, "open/link", "../file")
        },
        Way("a link by way of an open directory", "link", .distrust) { directory in
            try makeDirectory(directory, "open", mode: 0o777)
            link(directory, "open/back", "../file")
            link(directory, "link", "open/back")
        },
        Way("a directory link by way of an open directory", "link/file", .distrust) { directory in
            try makeDirectory(directory, "open", mode: 0o777)
            link(directory, "open/back", "../sub")
            link(directory, "link", "open/back")
        },
        Way("a path that passes an open directory", "open/../file", .distrust) {
            try makeDirectory($0, "open", mode: 0o777)
        },
        Way("a link below an open directory", "open/own/link", .distrust) { directory in
            try makeDirectory(directory, "open", mode: 0o777)
            try directory.directory("open/own")
            link(directory, "open/own/link", "../../file")
        },
        Way("another user's directory", "foreign/file", .distrust, needsRoot: true) { directory in
            try makeDirectory(directory, "foreign", mode: 0o755, owner: other)
            try directory.file("foreign/file", [])
        },
        Way("a link in another user's directory", "foreign/link", .distrust, needsRoot: true) { directory in
            try makeDirectory(directory, "foreign", mode: 0o755, owner: other)
            link(directory, "foreign/link", "../file")
        },
        Way("a link by way of another user's directory", "link", .distrust, needsRoot: true) { directory in
            try makeDirectory(directory, "foreign", mode: 0o755, owner: other)
            link(directory, "foreign/back", "../file", owner: other)
            link(directory, "link", "foreign/back")
        },
        Way("another user's link", "link", .distrust, needsRoot: true) { link($0, "link", "file", owner: other) },
        Way("another user's dangling link", "link", .distrust, needsRoot: true) {
            link($0, "link", "none", owner: other)
        },
        Way("another user's directory link", "link/file", .distrust, needsRoot: true) {
            link($0, "link", "sub", owner: other)
        },
        Way("the user's link in a sticky directory", "sticky/link", .file, needsRoot: true) { directory in
            try makeDirectory(directory, "sticky", mode: 0o1777)
            link(directory, "sticky/link", "../file")
        },
        Way("another user's link in a sticky directory", "sticky/link", .distrust, needsRoot: true) { directory in
            try makeDirectory(directory, "sticky", mode: 0o1777)
            link(directory, "sticky/link", "../file", owner: other)
        },
        Way("a link by way of another user's link in a sticky directory", "link/file", .distrust, needsRoot: true) {
            try makeDirectory($0, "sticky", mode: 0o1777)
            link($0, "sticky/back", "../sub", owner: other)
            link($0, "link", "sticky/back")
        },
        Way("a sticky directory of another user", "sticky/file", .distrust, needsRoot: true) { directory in
            try makeDirectory(directory, "sticky", mode: 0o1777, owner: other)
            try directory.file("sticky/file", [])
        },
    ].filter { isRoot || !$0.needsRoot }

    @Test("is followed where only this user and root can change it", arguments: ways)
    func outcome(way: Way) throws {
        let directory = try FixtureDirectory()
        try directory.directory("sub")
        for name in ["file", "sub/file"] { try directory.file(name, []) }
        try way.make(directory)
        var scan = FileScan()
        // A second look comes from what the first has found.
        for _ in 0..<2 {
            let outcome: Outcome
            switch scan.locate(directory.path + "/" + way.path) {
            case .found(let path, let status):
                #expect(path == directory.path + "/file" || path == directory.path + "/sub/file", "\(path)")
                #expect(status.st_mode & S_IFMT == S_IFREG)
                outcome = .file
            case .missing(let link): outcome = link == nil ? .missing : .dangling
            case .fault(let fault):
                outcome = fault.isDistrust ? .distrust : .failure
                if fault.isDistrust { #expect(fault.sentence.contains(directory.path), "\(fault.sentence)") }
            }
            #expect(outcome == way.outcome)
        }
        // A confined process does not ask who may write; it finds the same files.
        var known = FileScan(isKnown: true)
        if case .found(let path, _) = known.locate(directory.path + "/" + way.path) {
            #expect(path.hasSuffix("/file"))
        } else {
            #expect(way.outcome != .file)
        }
    }

    @Test("is that of a relative path from the working directory")
    func relative() throws {
        var scan = FileScan()
        guard case .found(let path, _) = scan.locate("."), let real = realpath(".", nil) else {
            Issue.record("the working directory of the tests cannot be followed")
            return
        }
        defer { free(real) }
        #expect(path == String(cString: real))
    }

    // MARK: - Files that are loaded

    /// The files that a plugin is loaded from, each reached by `way/`.
    enum Loaded: String, CaseIterable, CustomTestStringConvertible {
        case plugin, directory, runPath, neededPath, binding, boundLibrary
        var testDescription: String { rawValue }
    }

    /// How somebody else could change where `way` leads; for an ordinary user, without another one's help.
    enum Redirection: String, CaseIterable, CustomTestStringConvertible {
        case none, openDirectory, foreignDirectory, foreignLink, foreignLinkInSticky
        var testDescription: String { rawValue }
        static var available: [Redirection] { isRoot ? allCases : [.none, .openDirectory] }

        /// Makes the link `way` to `real`, by way of something that others could change.
        func make(in directory: FixtureDirectory) throws {
            switch self {
            case .none: link(directory, "way", "real")
            case .openDirectory:
                try makeDirectory(directory, "middle", mode: 0o777)
                link(directory, "middle/back", "../real")
                link(directory, "way", "middle/back")
            case .foreignDirectory:
                try makeDirectory(directory, "middle", mode: 0o755, owner: other)
                link(directory, "middle/back", "../real", owner: other)
                link(directory, "way", "middle/back")
            case .foreignLink: link(directory, "way", "real", owner: other)
            case .foreignLinkInSticky:
                try makeDirectory(directory, "middle", mode: 0o1777)
                link(directory, "middle/back", "../real", owner: other)
                link(directory, "way", "middle/back")
            }
        }
    }

    @Test(
        "decides what is loaded, so nobody else can change it",
        .inBothIsolations,
        arguments: Loaded.allCases,
        Redirection.available
    )
    func loaded(loaded: Loaded, redirection: Redirection) async throws {
        let directory = try FixtureDirectory()
        try directory.directory("real")
        try directory.directory("plugins")
        try redirection.make(in: directory)
        let name = loaded == .neededPath ? directory.path + "/way/libown.so" : "libown.so"
        try directory.plugin("real/libown.so", "int own(void) { return 42; }", flags: ["-Wl,-soname,\(name)"])
        let source = FixtureSource.tool(
            "own",
            before: "int own(void);",
            body: #"tool_print(call, "%d", own()); return tool_finish(call, TOOL_OK);"#
        )
        let linking = ["-L\(directory.path)/real", "-Wl,--no-as-needed", "-lown"]
        let binding = { (library: String) in
            #"""
            {"toolhost": 1, "plugin": {"name": "own"}, "library": "\#(library)",
             "tools": [{"name": "own", "description": "Own", "parameters": [], "returns": "i32"}]}
            """#
        }
        var place = directory.path + "/plugins"
        switch loaded {
        case .plugin, .directory:
            try directory.plugin("real/user.so", source, flags: linking + ["-Wl,-rpath,\(directory.path)/real"])
            place = directory.path + (loaded == .plugin ? "/way/user.so" : "/way")
            if loaded == .directory { unlink(directory.path + "/real/libown.so.c") }
        case .runPath: try directory.plugin("plugins/user.so", source, flags: linking + ["-Wl,-rpath,$ORIGIN/../way"])
        case .neededPath: try directory.plugin("plugins/user.so", source, flags: linking)
        case .binding:
            try directory.file("real/own.tool.json", binding("./libown.so").utf8)
            place = directory.path + "/way/own.tool.json"
        case .boundLibrary: try directory.file("plugins/own.tool.json", binding("../way/libown.so").utf8)
        }
        var configuration = HostConfiguration()
        configuration.searchPath.add(place, isExplicit: true)
        configuration.isolation = Isolation.current
        configuration.cacheDirectory = directory.path + "/cache"
        // The second time, the cache knows the file.
        for _ in 0..<2 {
            let host = ToolHost(configuration)
            try await host.loadPlugins()
            let plugin = host.plugins.first { $0.file.contains("user.so") || $0.file.contains(".tool.json") }
            if redirection == .none {
                #expect(await host.dispatch([ToolCall(name: "own")]).first?.text == "42", "\(host.plugins)")
            } else if case .broken(let reason)? = plugin?.state {
                let words = redirection.rawValue.contains("Directory") ? ["middle", "/way/"] : ["another user"]
                #expect(words.contains { reason.contains($0) }, "\(reason)")
            } else {
                Issue.record("\(host.plugins)")
            }
        }
    }

    @Test(
        "is checked again for a plugin that is known",
        .enabled(if: isRoot, "needs another user")
    )
    func isCheckedAgain() throws {
        let directory = try FixtureDirectory()
        try directory.directory("real")
        try directory.directory("libs")
        let path = try directory.plugin(
            "real/plugin.so",
            FixtureSource.healthy,
            flags: ["-Wl,-rpath,$ORIGIN/../way", "-Wl,--no-as-needed", "-lm"]
        )
        Self.link(directory, "way", "libs")
        let findings = try #require(PluginFile(checking: path).findings)
        func isRecognised() -> Bool {
            var scan = FileScan()
            return scan.find(path).flatMap { PluginFile($0, as: findings, &scan) } != nil
        }
        #expect(isRecognised())
        // The same directory, by a link that somebody else could change.
        lchown(directory.path + "/way", Self.other, Self.other)
        #expect(!isRecognised())
        #expect(throws: PluginError.self) { try PluginFile(checking: path) }
    }
}
