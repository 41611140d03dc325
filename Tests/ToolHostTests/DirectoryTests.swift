import Foundation
import TestSupport
import Testing
import ToolHost

@Suite("A plugin's directory")
struct DirectoryTests {
    private static let nobody: uid_t = 65534

    /// The modes and owners of directories, and whether their plugins are loaded; only root can make those of another user.
    private static let directories: [(mode: mode_t, owner: uid_t, isAccepted: Bool)] =
        [(0o755, geteuid(), true), (0o700, geteuid(), true), (0o777, geteuid(), false)]
        // A sticky directory protects the files of other users if root owns it.
        + [(0o1777, geteuid(), geteuid() == 0), (0o1755, geteuid(), true)]
        + (geteuid() == 0 ? [(0o755, nobody, false), (0o1755, nobody, false), (0o1777, nobody, false)] : [])

    @Test("must belong to this user or root, and no other user may write it", arguments: directories)
    func owner(directory: (mode: mode_t, owner: uid_t, isAccepted: Bool)) async throws {
        let fixture = try FixtureDirectory()
        let path = try fixture.directory("plugins")
        try fixture.plugin("plugins/healthy.so", FixtureSource.healthy)
        chown(path, directory.owner, directory.owner)
        chmod(path, directory.mode)
        var configuration = HostConfiguration()
        configuration.isolation = .inProcess
        configuration.searchPath.add(path)
        let host = ToolHost(configuration)
        try await host.loadPlugins()
        #expect(host.tools.isEmpty != directory.isAccepted)
        guard !directory.isAccepted, case .broken(let error)? = host.plugins.first?.state else { return }
        #expect(error.message.contains("could replace files in \(path)"), "\(error)")
    }
}
