import Foundation
import TestSupport
import Testing
import ToolHost

@Suite("A plugin's folder")
struct FolderTests {
    private static let nobody: uid_t = 65534

    /// What each is, and whether what lies in it is loaded; those of another user for root alone, who can make them.
    private static let folders: [(mode: mode_t, owner: uid_t, isAccepted: Bool)] =
        [(0o755, geteuid(), true), (0o700, geteuid(), true), (0o777, geteuid(), false)]
        // Sticky, it protects what others put into it where it is root's.
        + [(0o1777, geteuid(), geteuid() == 0), (0o1755, geteuid(), true)]
        + (geteuid() == 0 ? [(0o755, nobody, false), (0o1755, nobody, false), (0o1777, nobody, false)] : [])

    @Test("is this user's or root's, and nobody else's to write", arguments: folders)
    func owner(folder: (mode: mode_t, owner: uid_t, isAccepted: Bool)) async throws {
        let fixture = try FixtureFolder()
        let path = try fixture.folder("plugins")
        try fixture.plugin("plugins/healthy.so", FixtureSource.healthy)
        chown(path, folder.owner, folder.owner)
        chmod(path, folder.mode)
        var configuration = HostConfiguration()
        configuration.searchPath.add(path)
        let host = ToolHost(configuration)
        try await host.loadPlugins()
        #expect(host.tools.isEmpty != folder.isAccepted)
        guard !folder.isAccepted, case .broken(let reason)? = host.plugins.first?.state else { return }
        #expect(reason.contains("could replace files in \(path)"), "\(reason)")
    }
}
