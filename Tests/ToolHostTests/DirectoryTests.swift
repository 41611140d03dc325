import Foundation
import TestSupport
import Testing
import ToolHost

@Suite("A plugin's directory")
struct DirectoryTests {
    private static let nobody: uid_t = 65534

    /// What each is, and whether what lies in it is loaded; those of another user for root alone, who can make them.
    private static let directories: [(mode: mode_t, owner: uid_t, isAccepted: Bool)] =
        [(0o755, geteuid(), true), (0o700, geteuid(), true), (0o777, geteuid(), false)]
        // Sticky, it protects what others put into it where it is root's.
        + [(0o1777, geteuid(), geteuid() == 0), (0o1755, geteuid(), true)]
        + (geteuid() == 0 ? [(0o755, nobody, false), (0o1755, nobody, false), (0o1777, nobody, false)] : [])

    @Test("is this user's or root's, and nobody else's to write", arguments: directories)
    func owner(directory: (mode: mode_t, owner: uid_t, isAccepted: Bool)) async throws {
        let fixture = try FixtureDirectory()
        let path = try fixture.directory("plugins")
        try fixture.plugin("plugins/healthy.so", FixtureSource.healthy)
        chown(path, directory.owner, directory.owner)
        chmod(path, directory.mode)
        var configuration = HostConfiguration()
        configuration.searchPath.add(path)
        let host = ToolHost(configuration)
        try await host.loadPlugins()
        #expect(host.tools.isEmpty != directory.isAccepted)
        guard !directory.isAccepted, case .broken(let reason)? = host.plugins.first?.state else { return }
        #expect(reason.contains("could replace files in \(path)"), "\(reason)")
    }
}
