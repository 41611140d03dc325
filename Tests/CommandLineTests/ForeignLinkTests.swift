import Foundation
import TestSupport
import Testing
import ToolJSON

/// Trusted files of toolhost, reached by a link that another user could change.
@Suite("Paths to trusted files", .timeLimit(.minutes(10)))
struct ForeignLinkTests {
    private static let (nobody, another): (uid_t, uid_t) = (65534, 65533)

    /// A file whose content toolhost trusts.
    enum TrustedFile: String, CaseIterable, CustomTestStringConvertible {
        case configuration, namedConfiguration, policy, lock, worker, installedLock
        var testDescription: String { rawValue }
    }

    /// The means by which another user could change the path.
    enum Redirection: String, CaseIterable, CustomTestStringConvertible {
        case none, openDirectory, foreignDirectory, foreignLink, foreignLinkInSticky
        var testDescription: String { rawValue }
        static var available: [Redirection] { geteuid() == 0 ? allCases : [.none, .openDirectory] }
    }

    @Test(
        "toolhost refuses a trusted file whose path another user can change, for every user",
        arguments: TrustedFile.allCases,
        AccessTests.User.available.flatMap { user in Redirection.available.map { (user, $0) } }
    )
    func way(file: TrustedFile, run: (user: AccessTests.User, redirection: Redirection)) throws {
        let directory = try FixtureDirectory()
        chmod(directory.path, 0o755)
        for name in ["plugins", "home", "config", "own", "bin", "libexec/toolhost", "share/toolhost"] {
            chmod(try directory.directory(name), 0o755)
        }
        try directory.plugin("plugins/healthy.so", FixtureSource.healthy)
        try ChildProcess.copy([BuiltProducts.executable("toolhost")], to: directory.path + "/bin")
        try ChildProcess.copy([BuiltProducts.executable("toolhost-worker")], to: directory.path + "/own")

        // The trusted file is in `own`, and the link `way` leads there.
        let isNobody = run.user == .nobody
        let foreignWriter = isNobody ? Self.another : Self.nobody
        func link(_ path: String, _ target: String, isForeign: Bool) {
            symlink(target, directory.path + "/" + path)
            let owner = isForeign ? foreignWriter : geteuid()
            lchown(directory.path + "/" + path, owner, owner)
        }
        switch run.redirection {
        case .none: link("way", "own", isForeign: false)
        case .foreignLink: link("way", "own", isForeign: true)
        case .openDirectory, .foreignDirectory, .foreignLinkInSticky:
            let middle = try directory.directory("middle")
            if run.redirection == .foreignDirectory { chown(middle, foreignWriter, foreignWriter) }
            chmod(
                middle,
                run.redirection == .openDirectory ? 0o777 : run.redirection == .foreignDirectory ? 0o755 : 0o1777
            )
            link("middle/back", "../own", isForeign: run.redirection == .foreignLinkInSticky)
            link("way", "middle/back", isForeign: false)
        }

        var command = Command("list", "--no-default-plugins", "--plugins", directory.path + "/plugins")
        command.program = directory.path + "/bin/toolhost"
        command.environment["HOME"] = directory.path + "/home"
        let way = directory.path + "/way"
        if file != .worker {
            symlink("../../own/toolhost-worker", directory.path + "/libexec/toolhost/toolhost-worker")
        }
        switch file {
        case .configuration, .policy, .lock:
            symlink("../way", directory.path + "/config/toolhost")
            command.environment["XDG_CONFIG_HOME"] = directory.path + "/config"
            let (name, text) =
                switch file {
                case .policy: ("policy.json", #"{"version":1,"rules":[]}"#)
                case .lock: ("plugins.lock.json", #"{"version":1,"plugins":{}}"#)
                default: ("config.json", "{}")
                }
            try directory.file("own/" + name, text.utf8)
        case .namedConfiguration:
            try directory.file("own/config.json", "{}".utf8)
            command.arguments += ["--config", way + "/config.json"]
        case .worker: symlink("../../way/toolhost-worker", directory.path + "/libexec/toolhost/toolhost-worker")
        case .installedLock:
            try directory.file("own/plugins.lock.json", #"{"version":1,"plugins":{}}"#.utf8)
            symlink("../../way/plugins.lock.json", directory.path + "/share/toolhost/plugins.lock.json")
        }
        if isNobody { command.shell = #"exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@""# }
        let list = try command.run()
        let isListed = list.output.contains("echo ")
        guard run.redirection != .none else {
            #expect(list.status == 0 && isListed, "\(list)")
            return
        }
        #expect(!isListed && (list.status == 64 || file == .worker), "\(list)")
        let words = [.foreignLink, .foreignLinkInSticky].contains(run.redirection) ? "another user" : "middle"
        #expect(list.errors.contains(words), "\(list)")
    }
}
