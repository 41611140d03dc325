import Foundation
import TestSupport
import Testing
import ToolJSON

@testable import ToolHost

@Suite("Grant resolution")
struct GrantResolutionTests {
    private static func resolution(_ values: [String: String], _ permissions: JSON) throws -> (
        GrantResolution, PluginPermissions
    ) {
        let permissions = try PluginPermissions(permissions)
        return (GrantResolution(values: values, [permissions]), permissions)
    }

    @Test("a key is replaced by its configured path, and is unresolved without one")
    func keys() throws {
        let (start, permissions) = try Self.resolution(
            ["root": "/srv//notes/", "bad": "notes"],
            ["read": ["${root}", "${unset}", "${bad}", "/usr/../etc"]]
        )
        var resolution = start
        let requested = resolution.requested(permissions).read
        let requestedWithKeys = resolution.requestedWithKeys(permissions).read
        let keyPaths = resolution.keyPaths(of: permissions)
        #expect(requested == ["/srv/notes", "/etc"])
        #expect(requestedWithKeys == ["${root}", "${unset}", "${bad}", "/etc"])
        #expect(keyPaths == ["root": "/srv/notes"])
        #expect(
            resolution.rejections.count == 1 && resolution.rejections[0].contains("\"bad\" is not an absolute path")
        )
    }

    @Test(
        "a recorded key is granted only with the path that it had",
        arguments: [
            (["root": "/srv/notes"], false, ["/srv/notes"], []), (["root": "/srv"], false, [], ["root"]),
            ([:], false, [], ["root"]), (["root": "/srv"], true, ["/srv/notes"], []),
        ] as [([String: String], Bool, [String], [String])]
    )
    func recordedKeys(values: [String: String], coversEveryValue: Bool, granted: [String], changed: [String]) throws {
        let (start, permissions) = try Self.resolution(["root": "/srv/notes"], ["write": ["${root}"]])
        var resolution = start
        let trusted = resolution.trusted(permissions, values: values, coversEveryValue: coversEveryValue)
        #expect(trusted.write == granted && resolution.changedKeys == changed)
    }

    @Test("a recorded path that leads through a link now is not granted")
    func recordedLink() throws {
        let directory = try FixtureDirectory()
        try directory.directory("data")
        let link = directory.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "data")
        let (start, permissions) = try Self.resolution(
            [:],
            ["read": [.string(link), .string(directory.path + "/data")]]
        )
        var resolution = start
        let trusted = resolution.trusted(permissions, values: [:], coversEveryValue: false)
        #expect(trusted.read == [directory.path + "/data"])
        #expect(resolution.rejections.first?.contains("behind a symbolic link now") == true)
        let requested = resolution.requested(permissions).read
        #expect(requested == [directory.path + "/data", directory.path + "/data"])
    }

    @Test("a link in a directory that the plugin may change is not followed for a grant of this run")
    func changeableLink() throws {
        let directory = try FixtureDirectory()
        try directory.directory("data")
        let link = directory.path + "/data/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/etc")
        let (start, permissions) = try Self.resolution(
            ["root": directory.path + "/data"],
            ["write": ["${root}"], "read": [.string(link)]]
        )
        var resolution = start
        let allowed = resolution.allowedForRun(permissions)
        #expect(allowed.read.isEmpty)
        #expect(resolution.rejections.first?.contains("plugin itself may change") == true)
    }

    @Test("the dynamic loader is never granted as a program")
    func loader() throws {
        let loader = try #require(
            ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"].first {
                FileManager.default.fileExists(atPath: $0)
            }
        )
        let (start, permissions) = try Self.resolution([:], ["spawn": [.string(loader), "/bin/true"]])
        var resolution = start
        let spawn = resolution.requested(permissions).spawn
        #expect(spawn.count == 1 && !spawn[0].contains("ld-linux"), "\(spawn)")
        #expect(resolution.rejections.first?.contains("is the dynamic loader") == true)
    }
}
