import Locks
import TestSupport
import Testing
import ToolJSON
import ToolRuntime
import ToolSandbox
@testable import ToolHost

@Suite("Trust decisions")
struct TrustLedgerTests {
    /// A plugin file, and a lock file that may trust it.
    private struct Fixture {
        let directory: FixtureDirectory
        let file: PluginFile
        var configuration = TrustConfiguration()
        var registration = PluginRegistration(
            manifest: Array(#"{"name":"notes"}"#.utf8),
            tools: [PluginRegistration.Tool(schema: Array(#"{"name":"read"}"#.utf8), fault: nil, isConcurrent: true)]
        )
        var values: [String: String] = [:]
        var isNamed = false

        init() throws {
            directory = try FixtureDirectory()
            file = try PluginFile(checking: try directory.plugin("notes.so", FixtureSource.healthy))
            configuration.lockFile = TrustFile(path: directory.path + "/lock.json")
        }

        /// The path of the lock file of an installation, beside the user's.
        var installedLockFile: TrustFile { TrustFile(path: directory.path + "/installed.json") }

        static var permissions: PluginPermissions {
            get throws { try PluginPermissions(["read": ["${root}", "/usr"]]) }
        }

        func candidate() throws -> TrustCandidate {
            TrustCandidate(
                file: file,
                name: "notes",
                permissions: try Self.permissions,
                registration: registration,
                values: values,
                isNamed: isNamed
            )
        }

        func access() throws -> PluginAccess {
            var candidate = try candidate()
            return try TrustLedger(configuration).access(of: &candidate, KnownHashes([:], ChangeTimes()))
        }

        /// Trusts the plugin.
        func record(in lockFile: TrustFile, isShipped: Bool = false) throws {
            let grants = PluginGrants(
                of: Receiver(),
                access: try access(),
                file: file,
                name: "notes",
                registration: registration,
                values: values,
                lockFile: lockFile
            )
            try grants.record(isShipped: isShipped)
        }
    }

    /// A plugin that stores what it was granted and given.
    private final class Receiver: GrantReceiver {
        let isConfined = true
        let sandbox: SandboxReport? = nil
        let granted = Lock<[PluginPermissions]>([])
        let values = Lock<[String: String]?>(nil)

        func configure(_ values: [String: String]) { self.values.withLock { $0 = values } }
        func grant(_ permissions: PluginPermissions) { granted.withLock { $0.append(permissions) } }
    }

    @Test("an untrusted plugin has no permissions and receives no configured values")
    func untrusted() throws {
        var fixture = try Fixture()
        fixture.values = ["root": "/srv"]
        let access = try fixture.access()
        #expect(!access.isTrusted && !access.wasTrusted && access.granted.isEmpty)
        #expect(access.requested.read == ["/srv", "/usr"] && access.missing == access.requested)
        #expect(access.withheldKeys == ["root"])
        #expect(access.requestPhrases == [#"read /srv (configured as "root")"#, "read /usr"])
    }

    @Test("a plugin that the user chose receives its configured values although it is not trusted")
    func chosen() throws {
        var fixture = try Fixture()
        fixture.values = ["root": "/srv"]
        fixture.isNamed = true
        #expect(try fixture.access().withheldKeys.isEmpty)
        fixture.isNamed = false
        fixture.configuration.allowances = [try Allowance(parsing: "notes:read=/srv/notes")]
        let access = try fixture.access()
        #expect(access.withheldKeys.isEmpty && access.allowedForRun.read == ["/srv/notes"])
        fixture.configuration.allowances = [try Allowance(parsing: "other:read=/srv/notes")]
        #expect(try fixture.access().withheldKeys == ["root"] && fixture.access().allowedForRun.isEmpty)
        fixture.configuration = TrustConfiguration()
        #expect(try fixture.access().withheldKeys.isEmpty)
    }

    @Test("a trusted plugin has its permissions until the value of a key changes")
    func trusted() throws {
        var fixture = try Fixture()
        fixture.values = ["root": "/srv"]
        try fixture.record(in: #require(fixture.configuration.lockFile))
        let access = try fixture.access()
        #expect(access.isTrusted && access.missing.isEmpty && access.withheldKeys.isEmpty)
        fixture.values = ["root": "/etc"]
        let changed = try fixture.access()
        #expect(changed.isTrusted && changed.changedKeys == ["root"] && changed.missing.read == ["/etc"])
    }

    @Test("a plugin whose tools or content have changed is not trusted any longer")
    func changed() throws {
        var fixture = try Fixture()
        try fixture.record(in: #require(fixture.configuration.lockFile))
        fixture.registration.tools[0].schema = Array(#"{"name":"write"}"#.utf8)
        let access = try fixture.access()
        #expect(!access.isTrusted && access.wasTrusted && access.granted.isEmpty)
    }

    @Test("a lock file of the installation grants a key with any value")
    func installed() throws {
        var fixture = try Fixture()
        try fixture.record(in: fixture.installedLockFile, isShipped: true)
        fixture.configuration.installedLockFile = fixture.installedLockFile
        fixture.configuration.installedDirectory = fixture.directory.path
        fixture.values = ["root": "/srv"]
        let access = try fixture.access()
        #expect(access.isTrusted && access.changedKeys.isEmpty && access.granted.read == ["/srv", "/usr"])
        #expect(try fixture.installedLockFile.records().map(\.file) == ["notes.so"])
        #expect(try TrustLedger(fixture.configuration).record(of: fixture.file.path)?.tools == ["read"])
    }

    @Test("if trust is required, an untrusted plugin is refused before and after it is loaded")
    func required() throws {
        var fixture = try Fixture()
        fixture.configuration.requiresTrust = true
        for _ in 0..<2 {
            let ledger = try TrustLedger(fixture.configuration)
            let error = try #require(throws: PluginError.self) { try ledger.admit(fixture.file) }
            #expect(error.code == .lockedOut && error.message.hasPrefix("Is not trusted"), "\(error.message)")
            #expect(throws: PluginError.self) { try fixture.access() }
            // A record of another content does not admit the file.
            try #require(fixture.configuration.lockFile).record(
                TrustFile.Record(
                    hash: "00",
                    file: "/elsewhere.so",
                    name: "notes",
                    schemas: "",
                    tools: [],
                    permissions: PluginPermissions(),
                    values: [:],
                    date: 0
                )
            )
        }
        fixture.configuration.requiresTrust = false
        try fixture.record(in: #require(fixture.configuration.lockFile))
        fixture.configuration.requiresTrust = true
        #expect(try TrustLedger(fixture.configuration).admit(fixture.file) != nil)
        #expect(try fixture.access().isTrusted)
    }

    @Test("records have ascending dates, and one for each file")
    func records() throws {
        let fixture = try Fixture()
        let lockFile = try #require(fixture.configuration.lockFile)
        for (file, hash) in [("/a.so", "1"), ("/b.so", "2"), ("/a.so", "3")] {
            try lockFile.record(
                TrustFile.Record(
                    hash: hash,
                    file: file,
                    name: "p",
                    schemas: "",
                    tools: [],
                    permissions: PluginPermissions(),
                    values: [:],
                    date: 5
                )
            )
        }
        let records = try lockFile.records()
        #expect(records.map(\.hash) == ["3", "2"] && records.map(\.date) == [7, 6])
        #expect(try lockFile.remove("p") == 2 && lockFile.remove("p") == 0 && lockFile.records().isEmpty)
    }

    @Test("a reply to a prompt grants the permissions and the configured values at once")
    func reply() throws {
        var fixture = try Fixture()
        fixture.values = ["root": "/srv"]
        let receiver = Receiver()
        let grants = PluginGrants(
            of: receiver,
            access: try fixture.access(),
            file: fixture.file,
            name: "notes",
            registration: fixture.registration,
            values: fixture.values,
            lockFile: fixture.configuration.lockFile
        )
        #expect(receiver.values.withLock(\.self) == nil)
        try grants.grant(grants.missing, permanently: false)
        #expect(receiver.values.withLock(\.self) == ["root": "/srv"])
        #expect(receiver.granted.withLock { $0.map(\.read) } == [[], ["/srv", "/usr"]])
        #expect(grants.access.allowedOnce.read == ["/srv", "/usr"] && !grants.isTrusted && grants.missing.isEmpty)
        #expect(try fixture.configuration.lockFile?.records().isEmpty == true)
        try grants.grant(PluginPermissions(), permanently: true)
        #expect(grants.isTrusted && grants.access.onlyAllowedOnce.isEmpty)
        #expect(try fixture.configuration.lockFile?.records().map(\.values) == [["root": "/srv"]])
    }
}
