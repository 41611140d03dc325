import Foundation
import TestSupport
import Testing
import ToolRuntime

/// Tests of the directories and symbolic links on the path of a file.
@Suite("Paths of files")
struct PathFollowerTests {
    private static let other: uid_t = 65534
    private static let isRoot = geteuid() == 0

    /// The result of following a path.
    enum Outcome: Sendable, Equatable { case file, missing, dangling, distrust, failure }

    /// A path in a directory of the user with `file` and `sub/file`.
    struct Case: Sendable, CustomTestStringConvertible {
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

    private static let cases: [Case] = [
        Case("a file", "file", .file),
        Case("a file below", "sub/file", .file),
        Case("dots", "./sub/.././sub//file", .file),
        Case("a slash after a file", "file/", .failure),
        Case("a name below a file", "file/x", .failure),
        Case("a name that climbs out of a file", "file/../file", .failure),
        Case("a missing file", "none", .missing),
        Case("a missing directory", "none/file", .missing),
        Case("the user's link", "link", .file) { $0.link("link", "file") },
        Case("a link to an absolute path", "link", .file) { $0.link("link", $0.path + "/sub/file") },
        Case("a directory link", "link/file", .file) { $0.link("link", "sub") },
        Case("a link that climbs", "sub/link", .file) { $0.link("sub/link", "../file") },
        Case("a path that climbs out of where a link leads", "link/../file", .file) { $0.link("link", "sub") },
        Case("a missing file where a link leads", "link/none", .missing) { $0.link("link", "sub") },
        Case("a dangling link", "link", .dangling) { $0.link("link", "none") },
        Case("a dangling link to a missing directory", "link", .dangling) { $0.link("link", "none/file") },
        Case("a dangling directory link", "link/file", .dangling) { $0.link("link", "none") },
        Case("a link to a dangling link", "one", .dangling) {
            $0.link("one", "two")
            $0.link("two", "none")
        },
        Case("a link to itself", "link", .failure) { $0.link("link", "link") },
        Case("links in a circle", "one/file", .failure) {
            $0.link("one", "two")
            $0.link("two", "one")
        },
        Case("forty links", "39", .file) { directory in
            for number in 0..<40 { directory.link("\(number)", number == 0 ? "file" : "\(number - 1)") }
        },
        Case("forty-one links", "40", .failure) { directory in
            for number in 0..<41 { directory.link("\(number)", number == 0 ? "file" : "\(number - 1)") }
        },
        Case("a long path", String(repeating: "x", count: 5000), .failure),
        Case("a path with a zero", "file\0", .failure),
        Case("an open directory", "open/file", .distrust) { directory in
            try directory.directory("open", mode: 0o777)
            try directory.file("open/file", [])
        },
        Case("a missing file in an open directory", "open/none", .distrust) {
            try $0.directory("open", mode: 0o777)
        },
        Case("the user's link in an open directory", "open/link", .distrust) { directory in
            try directory.directory("open", mode: 0o777)
            directory.link("open/link", "../file")
        },
        Case("a link by way of an open directory", "link", .distrust) { directory in
            try directory.directory("open", mode: 0o777)
            directory.link("open/back", "../file")
            directory.link("link", "open/back")
        },
        Case("a directory link by way of an open directory", "link/file", .distrust) { directory in
            try directory.directory("open", mode: 0o777)
            directory.link("open/back", "../sub")
            directory.link("link", "open/back")
        },
        Case("a path that passes an open directory", "open/../file", .distrust) {
            try $0.directory("open", mode: 0o777)
        },
        Case("a link below an open directory", "open/own/link", .distrust) { directory in
            try directory.directory("open", mode: 0o777)
            try directory.directory("open/own")
            directory.link("open/own/link", "../../file")
        },
        Case("another user's directory", "foreign/file", .distrust, needsRoot: true) { directory in
            try directory.directory("foreign", mode: 0o755, owner: other)
            try directory.file("foreign/file", [])
        },
        Case("a link in another user's directory", "foreign/link", .distrust, needsRoot: true) { directory in
            try directory.directory("foreign", mode: 0o755, owner: other)
            directory.link("foreign/link", "../file")
        },
        Case("a link by way of another user's directory", "link", .distrust, needsRoot: true) { directory in
            try directory.directory("foreign", mode: 0o755, owner: other)
            directory.link("foreign/back", "../file", owner: other)
            directory.link("link", "foreign/back")
        },
        Case("another user's link", "link", .distrust, needsRoot: true) { $0.link("link", "file", owner: other) },
        Case("another user's dangling link", "link", .distrust, needsRoot: true) {
            $0.link("link", "none", owner: other)
        },
        Case("another user's directory link", "link/file", .distrust, needsRoot: true) {
            $0.link("link", "sub", owner: other)
        },
        Case("the user's link in a sticky directory", "sticky/link", .file, needsRoot: true) { directory in
            try directory.directory("sticky", mode: 0o1777)
            directory.link("sticky/link", "../file")
        },
        Case("another user's link in a sticky directory", "sticky/link", .distrust, needsRoot: true) { directory in
            try directory.directory("sticky", mode: 0o1777)
            directory.link("sticky/link", "../file", owner: other)
        },
        Case("a link by way of another user's link in a sticky directory", "link/file", .distrust, needsRoot: true) {
            try $0.directory("sticky", mode: 0o1777)
            $0.link("sticky/back", "../sub", owner: other)
            $0.link("link", "sticky/back")
        },
        Case("a sticky directory of another user", "sticky/file", .distrust, needsRoot: true) { directory in
            try directory.directory("sticky", mode: 0o1777, owner: other)
            try directory.file("sticky/file", [])
        },
    ].filter { isRoot || !$0.needsRoot }

    @Test("a path is followed only if no other user can change where it leads", arguments: cases)
    func outcome(test: Case) throws {
        let directory = try FixtureDirectory()
        try directory.directory("sub")
        for name in ["file", "sub/file"] { try directory.file(name, []) }
        try test.make(directory)
        var scan = FileScan()
        // The second result comes from the cache of the first.
        for _ in 0..<2 {
            let outcome: Outcome
            switch scan.locate(directory.path + "/" + test.path) {
            case .found(let path, let status):
                #expect(path == directory.path + "/file" || path == directory.path + "/sub/file", "\(path)")
                #expect(status.st_mode & S_IFMT == S_IFREG)
                outcome = .file
            case .missing(let link): outcome = link == nil ? .missing : .dangling
            case .fault(let fault):
                outcome = fault.isDistrust ? .distrust : .failure
                if fault.isDistrust { #expect(fault.message.contains(directory.path), "\(fault.message)") }
            }
            #expect(outcome == test.outcome)
        }
        // A confined process does not check owners, and finds the same files.
        var known = FileScan(isKnown: true)
        if case .found(let path, _) = known.locate(directory.path + "/" + test.path) {
            #expect(path.hasSuffix("/file"))
        } else {
            #expect(test.outcome != .file)
        }
    }

    @Test("a relative path is followed from the working directory")
    func relative() throws {
        var scan = FileScan()
        guard case .found(let path, _) = scan.locate("."), let real = realpath(".", nil) else {
            Issue.record("the working directory of the tests cannot be followed")
            return
        }
        defer { free(real) }
        #expect(path == String(cString: real))
    }

    @Test(
        "the path of a library is checked again for a recognised plugin",
        .enabled(if: isRoot, "only root can create files of another user")
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
        directory.link("way", "libs")
        let findings = try #require(PluginFile(checking: path).findings)
        func isRecognised() -> Bool {
            var scan = FileScan()
            return scan.find(path).flatMap { PluginFile($0, as: findings, &scan) } != nil
        }
        #expect(isRecognised())
        // The directory is the same, but the link to it belongs to another user.
        lchown(directory.path + "/way", Self.other, Self.other)
        #expect(!isRecognised())
        #expect(throws: PluginError.self) { try PluginFile(checking: path) }
    }
}
