import Foundation
import TestSupport
import Testing
import ToolRuntime

@testable import ToolHost

/// The abilities of the file system of the temporary directory.
enum TemporaryFiles {
    /// A time that is long after every change so far.
    static var later: ChangeTimes {
        let now = FileIdentity.Time.now
        return ChangeTimes(now: FileIdentity.Time(seconds: now.seconds + 10, nanoseconds: now.nanoseconds))
    }

    static var keepTimes: Bool {
        guard let directory = try? FixtureDirectory(), let path = try? directory.file("file", []) else { return false }
        var (status, times) = (stat(), later)
        return stat(path, &status) == 0 && times.prove(FileIdentity(status), at: path)
    }
}

/// Hashes that an earlier run stored, of files that may have changed since.
@Suite(
    "A stored hash",
    .enabled(if: TemporaryFiles.keepTimes, "the file system of the temporary directory keeps no change times")
)
struct KnownHashesTests {
    /// A directory with one plugin file.
    private struct Fixture {
        let directory: FixtureDirectory
        var path: String { directory.path + "/plugin.so" }

        init() throws {
            directory = try FixtureDirectory()
            try directory.plugin("plugin.so", FixtureSource.healthy)
        }

        func part() throws -> PluginFile.Part { try PluginFile(checking: path).parts[0] }
    }

    /// A hash that no file has, so that a stored hash is recognised.
    private static let marker = [UInt8](repeating: 7, count: 32)

    @Test("a stored hash is used for the file that it was computed from")
    func isUsed() throws {
        let fixture = try Fixture()
        let part = try fixture.part()
        let known = KnownHashes([part.identity: Self.marker], TemporaryFiles.later)
        #expect(try known.hash(of: part) == Self.marker)
        #expect(!known.isChanged)
    }

    /// A field of an identity that differs.
    enum Lie: CaseIterable { case device, inode, size, modified, changed, owner, mode }

    private static func identity(_ true: FileIdentity, with lie: Lie) -> FileIdentity {
        func other(_ time: FileIdentity.Time, _ isOther: Bool) -> FileIdentity.Time {
            isOther ? FileIdentity.Time(seconds: time.seconds, nanoseconds: time.nanoseconds ^ 1) : time
        }
        let number = `true`.number
        return FileIdentity(
            number: FileIdentity.Number(
                device: number.device + (lie == .device ? 1 : 0),
                inode: number.inode + (lie == .inode ? 1 : 0)
            ),
            size: `true`.size + (lie == .size ? 1 : 0),
            modified: other(`true`.modified, lie == .modified),
            changed: other(`true`.changed, lie == .changed),
            owner: `true`.owner + (lie == .owner ? 1 : 0),
            mode: `true`.mode ^ (lie == .mode ? 0o111 : 0)
        )
    }

    @Test("a stored hash is not used for a file whose identity differs in one field", arguments: Lie.allCases)
    func isNotUsed(lie: Lie) throws {
        let fixture = try Fixture()
        let part = try fixture.part()
        let known = KnownHashes([Self.identity(part.identity, with: lie): Self.marker], TemporaryFiles.later)
        #expect(try known.hash(of: part) == ContentHash.hash(part))
    }

    @Test(
        "a stored hash is neither used nor stored while a further change might not be visible",
        arguments: [-100, 0, 1]
    )
    func clock(seconds: Int64) throws {
        let fixture = try Fixture()
        let part = try fixture.part()
        let changed = part.identity.changed
        let now = FileIdentity.Time(seconds: changed.seconds + seconds, nanoseconds: changed.nanoseconds)
        let known = KnownHashes([part.identity: Self.marker], ChangeTimes(now: now))
        #expect(try known.hash(of: part) == ContentHash.hash(part))
        #expect(!known.isChanged)
    }

    /// A way to change the content of a file.
    enum Change: CaseIterable {
        case replaced, rewritten, sameSizeAndTimes, hardLink, linkRetargeted, mapped, grownAndCut
    }

    @Test("a stored hash is not used after a change of the file", arguments: Change.allCases)
    func change(change: Change) throws {
        let fixture = try Fixture()
        let path = fixture.path
        if change == .linkRetargeted {
            rename(path, path + ".1")
            symlink("plugin.so.1", path)
        }
        let known = KnownHashes([:], TemporaryFiles.later)
        let part = try fixture.part()
        let hash = try known.hash(of: part)
        let file = try PluginFile(checking: path)
        #expect(known.isChanged && known.cover(file))
        try make(change, at: path, part)
        let changed = try PluginFile(checking: path)
        let after = changed.parts[0]
        #expect(after.identity != part.identity)
        #expect(!known.cover(changed))
        let now = try known.hash(of: after)
        #expect(try now != hash && now == ContentHash.hash(after))
    }

    @Test("no hash is stored while a program has the file open for writing, or mapped")
    func mapped() throws {
        let fixture = try Fixture()
        let part = try fixture.part()
        let known = KnownHashes([:], TemporaryFiles.later)
        let descriptor = open(fixture.path, O_RDWR | O_CLOEXEC)
        _ = try known.hash(of: part)
        #expect(!known.isChanged)
        let memory = try #require(Self.map(descriptor, part.size))
        close(descriptor)
        _ = try known.hash(of: part)
        #expect(!known.isChanged)
        munmap(memory, Int(part.size))
        _ = try known.hash(of: part)
        #expect(known.isChanged)
    }

    private static func map(_ descriptor: Int32, _ size: UInt64) -> UnsafeMutableRawPointer? {
        let memory = mmap(nil, Int(size), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        return memory == MAP_FAILED ? nil : memory
    }

    private func make(_ change: Change, at path: String, _ part: PluginFile.Part) throws {
        var content = try Data(contentsOf: URL(filePath: path))
        content[content.count - 1] ^= 2
        let times = [part.identity.modified, part.identity.modified].map {
            timespec(tv_sec: Int($0.seconds), tv_nsec: Int($0.nanoseconds))
        }
        switch change {
        case .replaced:
            try content.write(to: URL(filePath: path + ".new"))
            chmod(path + ".new", part.identity.mode & 0o7777)
            rename(path + ".new", path)
        case .rewritten, .sameSizeAndTimes:
            try overwrite(path, content)
            if change == .sameSizeAndTimes { utimensat(AT_FDCWD, path, times, 0) }
        case .hardLink:
            link(path, path + ".2")
            try overwrite(path + ".2", content)
        case .linkRetargeted:
            try content.write(to: URL(filePath: path + ".2"))
            chmod(path + ".2", part.identity.mode & 0o7777)
            utimensat(AT_FDCWD, path + ".2", times, 0)
            unlink(path)
            symlink("plugin.so.2", path)
        case .mapped:
            let descriptor = open(path, O_RDWR | O_CLOEXEC)
            let memory = try #require(Self.map(descriptor, part.size))
            memory.storeBytes(of: content[content.count - 1], toByteOffset: content.count - 1, as: UInt8.self)
            munmap(memory, Int(part.size))
            close(descriptor)
        case .grownAndCut:
            try overwrite(path, content + [0])
            truncate(path, Int(part.size))
            utimensat(AT_FDCWD, path, times, 0)
        }
    }

    /// Writes to the file itself instead of replacing it.
    private func overwrite(_ path: String, _ content: Data) throws {
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.write(contentsOf: content)
        try handle.close()
    }

    @Test("no hash is computed from a file that has changed since it was checked")
    func changed() throws {
        let fixture = try Fixture()
        let part = try fixture.part()
        try overwrite(fixture.path, Data("something else".utf8))
        #expect(throws: HashError.changed) { try KnownHashes([:], TemporaryFiles.later).hash(of: part) }
        unlink(fixture.path)
        #expect(throws: HashError.changed) { try KnownHashes([:], TemporaryFiles.later).hash(of: part) }
    }

    @Test(
        "no hash is stored for a file on a file system without change times",
        arguments: ["/proc/self/status", "/sys/kernel"]
    )
    func fileSystem(path: String) throws {
        var status = stat()
        try #require(stat(path, &status) == 0)
        var times = TemporaryFiles.later
        let isProof = times.prove(FileIdentity(status), at: path)
        let file = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        var others = TemporaryFiles.later
        let isProofOpen = others.prove(FileIdentity(status), file)
        #expect(!isProof && !isProofOpen)
    }

    @Test("a stored hash is dropped before those of the current run if there are too many")
    func limit() throws {
        let fixture = try Fixture()
        let part = try fixture.part()
        var old: [FileIdentity: [UInt8]] = [:]
        for inode in 0..<20 {
            let number = FileIdentity.Number(device: 1 << 40, inode: UInt64(inode))
            old[
                FileIdentity(
                    number: number,
                    size: 0,
                    modified: part.identity.modified,
                    changed: part.identity.changed,
                    owner: 0,
                    mode: 0
                )
            ] = Self.marker
        }
        let known = KnownHashes(old, TemporaryFiles.later)
        let hash = try known.hash(of: part)
        let kept = known.kept(limit: 10)
        #expect(kept.count == 10 && kept[part.identity] == hash)
    }
}
