import Foundation
import TestSupport
import Testing
import ToolRuntime

/// Tests of plugins that were checked before, and are recognised without reading their files.
@Suite("Recognition of checked files")
struct RecognitionTests {
    /// A plugin whose run path has the directory `libs` beside it, which does not contain the needed libraries.
    private static func fixture() throws -> FixtureDirectory {
        let directory = try FixtureDirectory()
        try directory.directory("libs")
        try directory.plugin(
            "plugin.so",
            FixtureSource.healthy,
            flags: ["-Wl,-rpath,$ORIGIN/libs", "-Wl,--no-as-needed", "-lm"]
        )
        return directory
    }

    /// Returns the file at a path if a new scan recognises it.
    private static func recognised(_ path: String, _ findings: PluginFindings) -> PluginFile? {
        var scan = FileScan()
        return scan.find(path).flatMap { PluginFile($0, as: findings, &scan) }
    }

    @Test("a checked file is recognised under all of its names")
    func same() throws {
        let directory = try Self.fixture()
        let path = directory.path + "/plugin.so"
        try directory.directory("other")
        symlink("../plugin.so", directory.path + "/other/link.so")
        symlink(directory.path, directory.path + "/other/directory")
        let file = try PluginFile(checking: path)
        let findings = try #require(file.findings)
        #expect(findings.absences.map(\.path) == [directory.path + "/libs"])
        for name in ["plugin.so", "other/link.so", "other/directory/plugin.so", "other/../plugin.so"] {
            let again = try #require(Self.recognised(directory.path + "/" + name, findings), "\(name)")
            #expect(again.path == path && again.stamp == file.stamp && again.parts == file.parts)
        }
    }

    /// A change that makes it another plugin, or one that must not be loaded.
    enum Change: CaseIterable {
        case content, mode, library, variant, searchedDirectory, openFile, openFixtureDirectory, openDirectoryAbove,
            removal, other
    }

    @Test(
        "a checked file is not recognised after a change of the file or of a searched directory",
        arguments: Change.allCases
    )
    func changed(change: Change) throws {
        let directory = try Self.fixture()
        let path = directory.path + "/plugin.so"
        let findings = try #require(PluginFile(checking: path).findings)
        try #require(Self.recognised(path, findings) != nil)
        switch change {
        case .content: try directory.plugin("plugin.so", FixtureSource.healthy + "\n// other\n")
        case .mode: chmod(path, 0o700)
        case .library: try directory.file("libs/libm.so.6", [])
        case .variant: try directory.directory("libs/glibc-hwcaps")
        case .searchedDirectory:
            rename(directory.path + "/libs", directory.path + "/old")
            try directory.directory("libs")
        case .openFile: chmod(path, 0o777)
        case .openFixtureDirectory: chmod(directory.path, 0o777)
        case .openDirectoryAbove:
            try directory.directory("above/plugins")
            rename(path, directory.path + "/above/plugins/plugin.so")
            chmod(directory.path + "/above", 0o777)
            #expect(Self.recognised(directory.path + "/above/plugins/plugin.so", findings) == nil)
        case .removal: unlink(path)
        case .other: symlink("/usr/lib", path + ".new"); rename(path + ".new", path)
        }
        #expect(Self.recognised(path, findings) == nil)
    }

    @Test("a file is checked each time if its libraries can change without a change of a searched directory")
    func undecided() throws {
        let directory = try Self.fixture()
        // The link's target can appear without a change of the directory.
        symlink("/nowhere/libm.so.6", directory.path + "/libs/libm.so.6")
        #expect(try PluginFile(checking: directory.path + "/plugin.so").findings == nil)
        unlink(directory.path + "/libs/libm.so.6")
        try directory.directory("libs/tls")
        #expect(try PluginFile(checking: directory.path + "/plugin.so").findings == nil)
        rmdir(directory.path + "/libs/tls")
        try directory.plugin("libs/libm.so.6", "int own;")
        let file = try PluginFile(checking: directory.path + "/plugin.so")
        #expect(file.findings == nil && file.parts.count == 2)
    }

    @Test("a binding is recognised if its library is the system's, and not if it has its own")
    func bindings() throws {
        let directory = try FixtureDirectory()
        func binding(_ library: String) throws -> PluginFile {
            let text = #"{"toolhost":1,"plugin":{"name":"b"},"library":"\#(library)","tools":[]}"#
            return try PluginFile(checking: directory.file("b.tool.json", text.utf8))
        }
        let findings = try #require(try binding("libm.so.6").findings)
        let again = try #require(Self.recognised(directory.path + "/b.tool.json", findings))
        #expect(again.isBinding && again.binding == nil && again.parts.count == 1)
        try directory.plugin("own.so", "int own;")
        #expect(try binding("./own.so").findings == nil)
    }
}
