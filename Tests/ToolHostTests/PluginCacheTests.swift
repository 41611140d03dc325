import Foundation
import TestSupport
import Testing
import ToolJSON
import ToolRuntime

@testable import ToolHost

@Suite("The plugin cache")
struct PluginCacheTests {
    private static func identity(_ inode: UInt64) -> FileIdentity {
        FileIdentity(
            number: FileIdentity.Number(device: 1, inode: inode),
            size: 3,
            modified: FileIdentity.Time(seconds: 4, nanoseconds: 5),
            changed: FileIdentity.Time(seconds: -6, nanoseconds: 7),
            owner: 8,
            mode: 9
        )
    }

    private static let summary = ToolSummary(
        name: "echo",
        description: "Été",
        annotations: DeclaredEffects(readOnly: true, destructive: false, idempotent: true),
        timeout: .milliseconds(1500)
    )

    private static let registered = PluginCache.Registered(
        registration: PluginRegistration(
            manifest: Array("{}".utf8),
            tools: [
                // Bytes that are not UTF-8 are read back unchanged.
                PluginRegistration.Tool(schema: [0xFF, 0], fault: nil, isConcurrent: true),
                PluginRegistration.Tool(schema: [], fault: "A fault.", isConcurrent: false),
            ]
        ),
        schemaHash: "abc",
        soundTools: [summary, nil]
    )

    private static let entries: [PluginCache.Entry] = [
        PluginCache.Entry(identities: [identity(1)]),
        PluginCache.Entry(identities: [identity(1), identity(2)], outcome: .registered(registered)),
        PluginCache.Entry(
            identities: [identity(1)],
            outcome: .failed(.crashed, "It crashed.", PluginCache.Conditions(milliseconds: 5, sandbox: "off")),
            findings: PluginFindings(identity: identity(1), absences: [.init(path: "/é", identity: identity(3))])
        ),
    ]

    @Test("the plugin cache returns each entry as it was stored", arguments: entries.indices)
    func roundTrip(index: Int) throws {
        let entry = Self.entries[index]
        let bytes = entry.bytes
        let read = try #require(PluginCache.Entry(bytes[...]))
        #expect(read.identities == entry.identities && read.findings == entry.findings)
        #expect(read.bytes == bytes)
        #expect(read.registered?.registration == entry.registered?.registration)
        #expect(read.registered?.schemaHash == entry.registered?.schemaHash)
        #expect(read.registered?.soundTools == entry.registered?.soundTools)
        // An entry that is cut off, or has surplus bytes, is not valid.
        for count in bytes.indices { #expect(PluginCache.Entry(bytes[..<count]) == nil) }
        #expect(PluginCache.Entry((bytes + [0])[...]) == nil)
    }

    private static let hash = [UInt8](repeating: 1, count: 32)

    /// Reads the bytes of a cache, or returns nil if they are not valid.
    private static func read(_ bytes: [UInt8]) -> PluginCacheFile? { try? PluginCacheFile(parsing: bytes) }

    private static var file: [UInt8] {
        PluginCacheFile(hashes: [identity(1): hash], entries: [ExactKey("/a.so"): entries[1].bytes[...]]).bytes
    }

    @Test("the plugin cache is discarded as a whole if one bit of its file is wrong")
    func damage() throws {
        let file = Self.file
        let read = try #require(Self.read(file))
        #expect(read.hashes.count == 1 && read.entries.keys.map(\.text) == ["/a.so"])
        for index in file.indices {
            #expect(Self.read(Array(file[..<index])) == nil)
            for bit in 0..<8 {
                var damaged = file
                damaged[index] ^= 1 << bit
                #expect(Self.read(damaged) == nil, "bit \(bit) of byte \(index)")
            }
        }
        #expect(Self.read(file + [0]) == nil)
        #expect(Self.read([]) == nil)
    }

    @Test("the plugin cache has at most a maximum number of hashes and entries")
    func bounds() throws {
        for (count, isReadable) in [(PluginCache.maximumHashes, true), (PluginCache.maximumHashes + 1, false)] {
            let hashes = (0..<UInt64(count)).map { (Self.identity($0), Self.hash) }
            let bytes = PluginCacheFile(hashes: Dictionary(uniqueKeysWithValues: hashes)).bytes
            #expect((Self.read(bytes) != nil) == isReadable)
        }
        let entries = (0...PluginCache.maximumEntries).map { (ExactKey("/\($0)"), ArraySlice<UInt8>()) }
        let bytes = PluginCacheFile(entries: Dictionary(uniqueKeysWithValues: entries)).bytes
        #expect(Self.read(bytes)?.entries.count == PluginCache.maximumEntries)
    }

    /// The modes that let other users write the cache, its directory, or one above it.
    private static let openings: [(path: String, mode: mode_t)] =
        [("plugins.cache", 0o666), ("", 0o777), ("..", 0o777)]
        // Only root can give a file to a group that it is not in.
        + (geteuid() == 0 ? [("plugins.cache", 0o620), ("", 0o770), ("..", 0o770)] : [])

    @Test(
        "the plugin cache is not read if others may write it, and is made again if only the file was writable",
        arguments: openings
    )
    func opened(path: String, mode: mode_t) throws {
        let fixture = try FixtureDirectory()
        let directory = try fixture.directory("above/cache")
        // A group that other users may be in.
        for name in ["above", "above/cache"] { chown(fixture.path + "/" + name, geteuid(), 4) }
        func save() throws {
            var cache = PluginCache(directory: directory)
            cache.store(Self.entries[1], at: "/a.so")
            try cache.save()
        }
        try save()
        #expect(PluginCache(directory: directory).entry(at: "/a.so") != nil)
        if path == "plugins.cache" { chown("\(directory)/\(path)", geteuid(), 4) }
        chmod("\(directory)/\(path)", mode)
        #expect(PluginCache(directory: directory).entry(at: "/a.so") == nil)
        guard path == "plugins.cache" else { return }
        try save()
        #expect(PluginCache(directory: directory).entry(at: "/a.so") != nil)
        var status = stat()
        #expect(stat("\(directory)/\(path)", &status) == 0 && status.st_mode & 0o7777 == 0o600)
    }

    @Test(
        "the plugin cache stores findings only about a file that had not changed for two seconds when it was checked",
        .enabled(if: TemporaryFiles.keepTimes, "the file system of the temporary directory keeps no change times"),
        arguments: [1, 2]
    )
    func settled(seconds: Int64) throws {
        let directory = try FixtureDirectory()
        let path = try directory.plugin("plugin.so", FixtureSource.healthy)
        let changed = try PluginFile(checking: path).parts[0].identity.changed
        var times = ChangeTimes(
            now: FileIdentity.Time(seconds: changed.seconds + seconds, nanoseconds: changed.nanoseconds)
        )
        let found = [PluginDiscovery.Candidate(path: path, naming: .none)]
        let candidates = PluginCandidate.all(found, PluginCache(directory: nil), &times)
        let candidate = try #require(candidates.first)
        let entry = PluginEntry(naming: .none, report: PluginReport(file: path, state: .loaded))
        let news = candidate.news(entry, PluginCache.Conditions(milliseconds: 1, sandbox: "off"), &times)
        #expect((news?.entry.findings != nil) == (seconds == 2))
    }

    @Test("the plugin cache is made again if it is damaged, even if nothing new is found")
    func rewritten() throws {
        let directory = try FixtureDirectory()
        let path = try directory.file("plugins.cache", Array("damaged".utf8), mode: 0o600)
        try PluginCache(directory: directory.path).save()
        #expect(Self.read(Array(try Data(contentsOf: URL(filePath: path)))) != nil)
    }
}
