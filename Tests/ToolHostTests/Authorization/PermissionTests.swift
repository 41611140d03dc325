import Testing
import ToolHost
import ToolJSON

@Suite("Permissions")
struct PermissionTests {
    @Test(
        "a granted directory covers the paths below it, compared byte by byte",
        arguments: [
            ("/srv", "/srv", true), ("/srv/", "/srv/a", true), ("/srv", "/srv/a/b", true), ("/", "/srv", true),
            ("/srv/a", "/srv", false), ("/srv", "/srvs", false), ("/srv", "/srv/../etc", false),
            ("/srv", "/srv/\u{301}a", true), ("/srv", "/srv/../\u{301}a", false),
            ("/srv/\u{E9}", "/srv/e\u{301}", false),
        ]
    )
    func cover(directory: String, path: String, isCovered: Bool) {
        var (granted, requested) = (PluginPermissions(), PluginPermissions())
        granted.read = [directory]
        requested.read = [path]
        #expect(requested.subtracting(granted).isEmpty == isCovered)
    }

    @Test("programs and variables with equal characters and different bytes are different")
    func exact() {
        var (granted, requested) = (PluginPermissions(), PluginPermissions())
        (granted.spawn, granted.environment) = (["/opt/\u{E9}"], ["\u{E9}"])
        (requested.spawn, requested.environment) = (["/opt/e\u{301}"], ["e\u{301}"])
        #expect(requested.subtracting(granted) == requested)
        #expect(granted.union(requested).spawn.count == 2 && granted.union(requested).environment.count == 2)
    }

    @Test(
        "the widest permission of each kind has a phrase, the most dangerous kind first",
        arguments: [
            ([:], []), (["read": ["/usr/share"]], ["read /usr/share"]),
            (["read": ["/usr/share", "/home/ada"]], ["read /home/ada (and 1 more)"]),
            (["read": ["/a/b/c", "/usr", "/", "/a"]], ["read / (and 3 more)"]),
            (
                ["read": ["/a/b/c", "${root}"]],
                [#"read the path configured as "root" (not configured yet) (and 1 more)"#]
            ),
            (["read": ["//./", "/a"]], ["read //./ (and 1 more)"]),
            (
                [
                    "env": ["LANG"], "memory": 134_217_728, "read": ["/"], "network": [8080, 443],
                    "write": ["/tmp/x", "/tmp"], "spawn": ["/bin/sh"],
                ],
                [
                    "run /bin/sh", "change /tmp (and 1 more)", "connect to port 443 of any computer (and 1 more)",
                    "read /",
                    "see the variable LANG", "use 128 MiB of memory",
                ]
            ),
        ] as [(JSON, [String])]
    )
    func widest(permissions: JSON, phrases: [String]) throws {
        #expect(try PluginPermissions(permissions).widestPhrases == phrases)
    }

    @Test("permissions are ordered by their danger")
    func order() throws {
        let ranks: [JSON] = [
            ["spawn": ["/bin/sh"]], ["write": ["/"]], ["write": ["/tmp"], "read": ["/"]], ["network": [80]],
            ["read": ["/"]], ["read": ["/home/ada"]], ["read": ["/usr"]], [:],
        ]
        let permissions = try ranks.map { try PluginPermissions($0) }
        for (wider, narrower) in zip(permissions, permissions.dropFirst()) {
            #expect(wider.isWider(than: narrower) && !narrower.isWider(than: wider), "\(wider) \(narrower)")
        }
    }

    @Test(
        "invalid permissions are rejected with the reason",
        arguments: [
            ([], "must be an object"), (["raed": []], "unknown key"), (["read": ["data"]], "absolute paths"),
            (["read": ["/proc/self/root"]], "one process's part of /proc"), (["read": ["${a}/b"]], "absolute paths"),
            (["network": [0]], "from 1 to 65535"), (["network": [65536]], "from 1 to 65535"),
            (["env": ["A=B"]], "names of variables"), (["env": [""]], "names of variables"),
            (["memory": 67_108_863], "from 64 MiB"), (["memory": 1_099_511_627_777], "from 64 MiB"),
            (["spawn": .array(Array(repeating: "/bin/true", count: 65))], "at most 64"),
        ] as [(JSON, String)]
    )
    func invalid(permissions: JSON, reason: String) throws {
        let error = try #require(throws: ToolHostError.self) { try PluginPermissions(permissions) }
        #expect(error.message.contains(reason), "\(error.message)")
    }

    @Test("permissions are the same after they were written and read")
    func roundTrip() throws {
        let json: JSON = [
            "read": ["/srv", "${root}"], "write": ["/tmp/x"], "network": [1, 65535], "spawn": ["/bin/true"],
            "env": ["LANG"], "memory": 67_108_864,
        ]
        #expect(try PluginPermissions(json).json == json)
    }
}
