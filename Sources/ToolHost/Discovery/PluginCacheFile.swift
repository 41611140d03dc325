import ToolJSON
import ToolRuntime

/// The content of the cache's file: a version, a checksum, hashes, and one block of bytes for each plugin.
///
/// A block is decoded when it is needed. The file is written without waiting for the disk; the checksum detects a file
/// that was written in part or has decayed. It does not protect against forgery: only the user can write the file.
struct PluginCacheFile: WritableUserFileContent {
    var hashes: [FileIdentity: [UInt8]] = [:]
    /// The blocks by the real paths of the plugins.
    var entries: [ExactKey: ArraySlice<UInt8>] = [:]

    static let title = "The plugin cache"
    static let maximumBytes = PluginCache.maximumBytes
    /// The maximum number of bytes that the file has besides its entries.
    private static let overhead = 200 + PluginCache.maximumHashes * 128
    /// The number of bytes that an entry has besides its path and its block.
    private static let entryOverhead = 8

    init(hashes: [FileIdentity: [UInt8]] = [:], entries: [ExactKey: ArraySlice<UInt8>] = [:]) {
        self.hashes = hashes
        self.entries = entries
    }

    init() { self.init(hashes: [:]) }

    init(parsing bytes: [UInt8]) throws(UserFileError) {
        do throws(FrameError) {
            var reader = PayloadReader(bytes[...])
            guard try reader.text() == PluginCache.version else { throw FrameError("another version") }
            let checksum = try reader.integer(UInt64.self)
            guard Self.checksum(reader.unread) == checksum else { throw FrameError("a wrong checksum") }
            let hashCount = Int(try reader.integer(UInt32.self))
            guard hashCount <= PluginCache.maximumHashes else { throw FrameError("too many hashes") }
            hashes.reserveCapacity(hashCount)
            for _ in 0..<hashCount {
                let (identity, hash) = (try FileIdentity(&reader), try reader.bytes())
                guard hash.count == SHA256.byteCount else { throw FrameError("a hash of a wrong size") }
                hashes[identity] = hash
            }
            let count = Int(try reader.integer(UInt32.self))
            guard count <= PluginCache.maximumEntries else { throw FrameError("too many entries") }
            entries.reserveCapacity(count)
            for _ in 0..<count { entries[ExactKey(try reader.text())] = try reader.block() }
            try reader.end()
        } catch {
            throw UserFileError("is damaged (\(error)).", underlyingError: error)
        }
    }

    /// The bytes of the file: all hashes, and as many entries as can be read again.
    var bytes: [UInt8] {
        var left = PluginCache.maximumBytes - Self.overhead
        let sorted = entries.sorted { $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8) }
        let entries = sorted.prefix(PluginCache.maximumEntries).filter { path, bytes in
            left -= path.text.utf8.count + bytes.count + Self.entryOverhead
            return left >= 0
        }
        var content = PayloadWriter()
        content.integer(UInt32(hashes.count))
        for (identity, hash) in hashes {
            identity.write(to: &content)
            content.bytes(hash)
        }
        content.integer(UInt32(entries.count))
        for (path, bytes) in entries {
            content.text(path.text)
            content.bytes(bytes)
        }
        var file = PayloadWriter()
        file.text(PluginCache.version)
        file.integer(Self.checksum(content.payload[...]))
        file.remainder(content.payload)
        return file.payload
    }

    /// FNV-1a, by words instead of bytes.
    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.withUnsafeBytes { bytes in
            var sum: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(bytes.count)
            var position = 0
            while bytes.count - position >= 8 {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                sum = (sum ^ word) &* 0x0000_0100_0000_01B3
                // The product carries upwards only.
                sum ^= sum >> 32
                position += 8
            }
            for byte in bytes[position...] { sum = (sum ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            return sum
        }
    }
}

// MARK: - One plugin

extension PluginCache.Entry {
    /// The maximum number of files of a plugin, of directories of its findings, and of names of former tools.
    private static let maximumIdentities = 1000

    /// Reads an entry, or returns nil if the block is not valid.
    init?(_ bytes: ArraySlice<UInt8>) {
        var reader = PayloadReader(bytes)
        do throws(FrameError) {
            let count = Int(try reader.integer(UInt16.self))
            guard 1...Self.maximumIdentities ~= count else { return nil }
            var identities: [FileIdentity] = []
            for _ in 0..<count { identities.append(try FileIdentity(&reader)) }
            self.identities = identities
            if try reader.flag() {
                // A plugin with libraries has no findings.
                guard count == 1 else { return nil }
                var absences: [PluginFindings.Directory] = []
                for _ in 0..<(try reader.integer(UInt16.self)) {
                    absences.append(
                        PluginFindings.Directory(path: try reader.text(), identity: try FileIdentity(&reader))
                    )
                }
                findings = PluginFindings(identity: identities[0], absences: absences)
            }
            switch try reader.integer(UInt8.self) {
            case 0: outcome = nil
            case 1: outcome = .registered(try PluginCache.Registered(&reader))
            case 2:
                guard let code = PluginError.Code(rawValue: try reader.text()) else { return nil }
                let message = try reader.text()
                let milliseconds = Int(clamping: try reader.integer(UInt64.self))
                let conditions = PluginCache.Conditions(milliseconds: milliseconds, sandbox: try reader.text())
                outcome = .failed(code, message, conditions)
            default: return nil
            }
            for _ in 0..<(try reader.integer(UInt16.self)) { formerTools.append(try reader.text()) }
            if try reader.flag() { interpreter = try reader.text() }
            try reader.end()
        } catch {
            return nil
        }
    }

    var bytes: [UInt8] {
        var writer = PayloadWriter()
        // A plugin of more files is rejected.
        let identities = identities.prefix(Self.maximumIdentities)
        writer.integer(UInt16(identities.count))
        for identity in identities { identity.write(to: &writer) }
        let absences = findings?.absences
        let areKept = 0...Self.maximumIdentities ~= absences?.count ?? -1
        writer.flag(areKept)
        if let absences, areKept {
            writer.integer(UInt16(absences.count))
            for absence in absences {
                writer.text(absence.path)
                absence.identity.write(to: &writer)
            }
        }
        switch outcome {
        case nil: writer.integer(UInt8(0))
        case .registered(let registered):
            writer.integer(UInt8(1))
            registered.write(to: &writer)
        case .failed(let code, let message, let conditions):
            writer.integer(UInt8(2))
            writer.text(code.rawValue)
            writer.text(message)
            writer.integer(UInt64(clamping: conditions.milliseconds))
            writer.text(conditions.sandbox)
        }
        let names = formerTools.prefix(Self.maximumIdentities)
        writer.integer(UInt16(names.count))
        for name in names { writer.text(name) }
        writer.flag(interpreter != nil)
        if let interpreter { writer.text(interpreter) }
        return writer.payload
    }
}

extension PluginCache.Registered {
    fileprivate init(_ reader: inout PayloadReader) throws(FrameError) {
        registration = try PluginRegistration(&reader)
        let hash = try reader.text()
        schemaHash = hash.isEmpty ? nil : hash
        soundTools = []
        for _ in registration.tools { soundTools.append(try reader.flag() ? try ToolSummary(&reader) : nil) }
    }

    fileprivate func write(to writer: inout PayloadWriter) {
        registration.write(to: &writer)
        writer.text(schemaHash ?? "")
        for index in registration.tools.indices {
            let summary = soundTools.indices.contains(index) ? soundTools[index] : nil
            writer.flag(summary != nil)
            summary?.write(to: &writer)
        }
    }
}

extension ToolSummary {
    fileprivate init(_ reader: inout PayloadReader) throws(FrameError) {
        name = try reader.text()
        description = try reader.text()
        annotations = DeclaredEffects(
            readOnly: try reader.flag(),
            destructive: try reader.flag(),
            idempotent: try reader.flag()
        )
        let seconds = try reader.integer(Int64.self)
        let fraction = try reader.integer(Int64.self)
        let timeout = Duration(secondsComponent: seconds, attosecondsComponent: fraction)
        guard .zero...Self.maximumTimeout ~= timeout else { throw FrameError("a timeout out of range") }
        self.timeout = timeout > .zero ? timeout : nil
    }

    fileprivate func write(to writer: inout PayloadWriter) {
        writer.text(name)
        writer.text(description)
        writer.flag(annotations.readOnly)
        writer.flag(annotations.destructive)
        writer.flag(annotations.idempotent)
        let (seconds, attoseconds) = (timeout ?? .zero).components
        writer.integer(seconds)
        writer.integer(attoseconds)
    }
}

extension FileIdentity {
    fileprivate init(_ reader: inout PayloadReader) throws(FrameError) {
        let device = try reader.integer(UInt64.self)
        let number = Number(device: device, inode: try reader.integer())
        let size = try reader.integer(UInt64.self)
        let modified = try Time(&reader)
        let changed = try Time(&reader)
        let owner = try reader.integer(UInt32.self)
        self.init(
            number: number,
            size: size,
            modified: modified,
            changed: changed,
            owner: owner,
            mode: try reader.integer()
        )
    }

    fileprivate func write(to writer: inout PayloadWriter) {
        for value in [number.device, number.inode, size] { writer.integer(value) }
        for time in [modified, changed] {
            writer.integer(time.seconds)
            writer.integer(time.nanoseconds)
        }
        writer.integer(owner)
        writer.integer(mode)
    }
}

extension FileIdentity.Time {
    fileprivate init(_ reader: inout PayloadReader) throws(FrameError) {
        self.init(seconds: try reader.integer(), nanoseconds: try reader.integer())
    }
}
