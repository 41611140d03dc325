import Foundation
import TestSupport
import Testing
import ToolRuntime

/// Tests of the order in which libraries are searched.
@Suite("Search for libraries")
struct LibraryOrderTests {
    /// Checks `plugin.so` in a directory with other libraries; returns the paths of the libraries from the directory.
    private static func search(
        _ plugin: CraftedLibrary,
        besides libraries: [String: CraftedLibrary],
        in directory: FixtureDirectory
    ) throws -> (libraries: [String], absences: [String]?) {
        for (name, library) in libraries {
            if let slash = name.lastIndex(of: "/") { try directory.directory(String(name[..<slash])) }
            try directory.file(name, library.bytes)
        }
        let file = try PluginFile(checking: directory.file("plugin.so", plugin.bytes))
        let prefix = directory.path.utf8.count + 1
        func relative(_ path: String) -> String { String(path.dropFirst(prefix)) }
        return (file.libraries.map(relative), file.findings?.absences.map { relative($0.path) })
    }

    /// A plugin with its libraries, and the paths of those that are found.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let plugin: CraftedLibrary
        let libraries: [String: CraftedLibrary]
        let found: [String]

        init(_ description: String, _ plugin: CraftedLibrary, _ libraries: [String: CraftedLibrary], _ found: [String])
        {
            (testDescription, self.plugin, self.libraries, self.found) = (description, plugin, libraries, found)
        }
    }

    private static let plain = CraftedLibrary()

    private static let cases = [
        Case(
            "the first directory of the run path",
            CraftedLibrary(needed: ["a.so"], runPath: "$ORIGIN/x:$ORIGIN/y"),
            ["x/a.so": plain, "y/a.so": plain],
            ["x/a.so"]
        ),
        Case(
            "a later directory of the run path",
            CraftedLibrary(needed: ["a.so"], runPath: "$ORIGIN/x:${ORIGIN}/y"),
            ["y/a.so": plain],
            ["y/a.so"]
        ),
        Case("no run path", CraftedLibrary(needed: ["a.so"]), ["a.so": plain], []),
        Case("a path", CraftedLibrary(needed: ["$ORIGIN/x/a.so"]), ["x/a.so": plain], ["x/a.so"]),
        Case(
            "every variant for a processor, and the plain file",
            CraftedLibrary(needed: ["a.so"], runPath: "$ORIGIN/x"),
            ["x/a.so": plain, "x/glibc-hwcaps/x86-64-v3/a.so": plain, "x/tls/haswell/a.so": plain],
            ["x/glibc-hwcaps/x86-64-v3/a.so", "x/tls/haswell/a.so", "x/a.so"]
        ),
        Case(
            "a run path, which its libraries do not inherit",
            CraftedLibrary(needed: ["a.so"], runPath: "$ORIGIN/x"),
            ["x/a.so": CraftedLibrary(needed: ["b.so"]), "x/b.so": plain],
            ["x/a.so"]
        ),
        Case(
            "an old run path, which its libraries inherit",
            CraftedLibrary(needed: ["a.so"], passedPath: "$ORIGIN/x"),
            ["x/a.so": CraftedLibrary(needed: ["b.so"]), "x/b.so": plain],
            ["x/a.so", "x/b.so"]
        ),
        Case(
            "an old run path beside a new one, which is ignored",
            CraftedLibrary(needed: ["a.so"], runPath: "$ORIGIN/x", passedPath: "$ORIGIN/y"),
            ["y/a.so": plain],
            []
        ),
        Case(
            "libraries that need each other",
            CraftedLibrary(needed: ["a.so"], runPath: "$ORIGIN/x"),
            [
                "x/a.so": CraftedLibrary(needed: ["b.so"], runPath: "$ORIGIN"),
                "x/b.so": CraftedLibrary(needed: ["a.so"], runPath: "$ORIGIN"),
            ],
            ["x/a.so", "x/b.so"]
        ),
    ]

    @Test("libraries are found in the order of the dynamic linker", arguments: cases)
    func order(test: Case) throws {
        let found = try Self.search(test.plugin, besides: test.libraries, in: FixtureDirectory())
        #expect(found.libraries == test.found)
    }

    @Test("the nearest existing directories of missing libraries are recorded")
    func absences() throws {
        let directory = try FixtureDirectory()
        try directory.directory("x")
        let plugin = CraftedLibrary(needed: ["a.so", "b.so"], runPath: "$ORIGIN/x:$ORIGIN/none/deeper")
        let found = try Self.search(plugin, besides: [:], in: directory)
        #expect(found.absences == ["x", ""])
    }

    @Test(
        "a library without a fixed place is rejected",
        arguments: ["x", ".", "$ORIGINAL/x", "$LIB", "$ORIGIN/$LIB", "/x:", "/x:y"]
    )
    func relative(runPath: String) throws {
        let directory = try FixtureDirectory()
        let path = try directory.file("plugin.so", CraftedLibrary(needed: ["a.so"], runPath: runPath).bytes)
        let error = #expect(throws: PluginError.self) { try PluginFile(checking: path) }
        #expect(error?.code == .notTrusted && error?.message.contains("begins with / or $ORIGIN") == true)
    }
}
