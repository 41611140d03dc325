import Foundation
import TestSupport
import Testing

@testable import ToolHost

@Suite("Real paths")
struct RealPathTests {
    /// A directory with `data/file`, and links: `link` to `data`, `loop` to itself, `up` to `..`.
    private static func directory() throws -> FixtureDirectory {
        let directory = try FixtureDirectory()
        try directory.directory("data")
        try directory.file("data/file", Array("x".utf8))
        let files = FileManager.default
        try files.createSymbolicLink(atPath: directory.path + "/link", withDestinationPath: "data")
        try files.createSymbolicLink(atPath: directory.path + "/loop", withDestinationPath: "loop")
        try files.createSymbolicLink(atPath: directory.path + "/data/up", withDestinationPath: "..")
        return directory
    }

    @Test(
        "links are followed, and names that do not exist stay",
        arguments: [
            ("/data/file", "/data/file"), ("//data/./file/", "/data/file"), ("/link/file", "/data/file"),
            ("/link", "/data"), ("/link/new/file", "/data/new/file"), ("/data/up/link/file", "/data/file"),
            ("/link/../data", "/data"), ("/nothing/../data", "/data"),
        ]
    )
    func resolved(path: String, real: String) throws {
        let directory = try Self.directory()
        #expect(try RealPath().resolve(directory.path + path) == directory.path + real)
    }

    @Test("a link that the plugin could have created is rejected")
    func changeableLink() throws {
        let directory = try Self.directory()
        for changeable in [directory.path, "/", directory.path + "/link/up"] {
            let error = try #require(throws: ToolHostError.self) {
                try RealPath(changeable: [changeable]).resolve(directory.path + "/link/file")
            }
            #expect(error.message.contains("directory that the plugin itself may change"), "\(error.message)")
        }
        let real = RealPath(changeable: [directory.path + "/data"])
        #expect(try real.resolve(directory.path + "/link/file") == directory.path + "/data/file")
    }

    @Test("a path through too many links is rejected")
    func loop() throws {
        let directory = try Self.directory()
        let error = try #require(throws: ToolHostError.self) { try RealPath().resolve(directory.path + "/loop") }
        #expect(error.message.contains("too many symbolic links"))
    }

    @Test(
        "one process's part of /proc is rejected in any spelling",
        arguments: [
            ("/proc", true), ("/proc/meminfo", true), ("/proc/sys/1", true), ("/proc/self/root", false),
            ("/proc//self", false), ("/proc/./1/root", false), ("/usr/../proc/thread-self/cwd", false),
            ("/proc/\u{301}x/../self", false), ("/proc/1x", true),
        ]
    )
    func processes(path: String, isAllowed: Bool) {
        let isAccepted = (try? RealPath.check(path)) != nil
        let isResolved = (try? RealPath().resolve(path)) != nil
        #expect(isAccepted == isAllowed && isResolved == isAllowed)
    }

    @Test("a link into one process's part of /proc is rejected")
    func processLink() throws {
        let directory = try FixtureDirectory()
        let link = directory.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/proc/self/root")
        #expect(throws: ToolHostError.self) { try RealPath().resolve(link) }
    }
}
