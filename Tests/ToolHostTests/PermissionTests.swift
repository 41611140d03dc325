import Testing
import ToolHost

@Suite("Permissions")
struct PermissionTests {
    @Test(
        "cover a path by its bytes",
        arguments: [
            ("/srv", "/srv", true), ("/srv/", "/srv/a", true), ("/srv", "/srv/a/b", true), ("/", "/srv", true),
            ("/srv/a", "/srv", false), ("/srv", "/srvs", false), ("/srv", "/srv/../etc", false),
            ("/srv", "/srv/\u{301}a", true), ("/srv", "/srv/../\u{301}a", false),
            ("/srv/\u{E9}", "/srv/e\u{301}", false),
        ]
    )
    func cover(directory: String, path: String, isCovered: Bool) {
        var (granted, asked) = (PluginPermissions(), PluginPermissions())
        granted.read = [directory]
        asked.read = [path]
        #expect(asked.subtracting(granted).isEmpty == isCovered)
    }

    @Test("tell programs and variables apart by their bytes")
    func exact() {
        var (granted, asked) = (PluginPermissions(), PluginPermissions())
        (granted.spawn, granted.environment) = (["/opt/\u{E9}"], ["\u{E9}"])
        (asked.spawn, asked.environment) = (["/opt/e\u{301}"], ["e\u{301}"])
        #expect(asked.subtracting(granted) == asked)
        #expect(granted.union(asked).spawn.count == 2 && granted.union(asked).environment.count == 2)
    }
}
