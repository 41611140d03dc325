import Glibc
import ToolJSON
import ToolRuntime
import ToolSandbox

/// What earlier runs have found out about plugins, so that a start runs none of their code and reads none of their files:
/// what they registered or how they failed, where their libraries are not, and the hashes of their files.
///
/// One file holds it, which is read once and written once in a run. It can be lost at any time: whatever is wrong with
/// it, the plugins are looked at again.
struct PluginCache: Sendable {
    /// What is known of one plugin.
    struct Entry: Sendable {
        /// The states of its files, of which all of this is true.
        let identities: [FileIdentity]
        var outcome: Outcome?
        var findings: PluginFindings?
    }

    enum Outcome: Sendable {
        case registered(Registered)
        /// The plugin's own failure, and under which conditions.
        case failed(PluginError.Code, String, Conditions)
    }

    /// A registration, and what was made of it.
    struct Registered: Sendable {
        let registration: PluginRegistration
        /// The hash of the manifest and all schemas, where somebody has asked for it.
        var schemaHash: String?
        /// For each tool: true if its schema was read and describes a tool, with nothing odd about it.
        var soundTools: [Bool]
    }

    /// The conditions under which a plugin was tried.
    struct Conditions: Sendable, Hashable {
        let milliseconds: Int
        let sandbox: String

        init(_ time: Duration, _ sandbox: SandboxMode) {
            self.init(milliseconds: Int(min(time / .milliseconds(1), 1e12).rounded(.up)), sandbox: sandbox.rawValue)
        }

        init(milliseconds: Int, sandbox: String) { (self.milliseconds, self.sandbox) = (milliseconds, sandbox) }
    }

    /// The failures that come out the same every time, as far as one can tell; others may depend on what else is there, on
    /// the configuration or on this program's version.
    private static let lasting: Set<PluginError.Code> = [.crashed, .refused, .notPlugin]

    /// The hashes of files. Shared with all who hash.
    let hashes: KnownHashes

    private let path: String?
    /// The entries by the real paths of the plugins, as they are in the file.
    private var entries: [ExactKey: [UInt8]] = [:]
    private var isChanged = false

    static let fileName = "plugins.cache"
    /// Changes whenever an older cache must not be used: with the layout, and with what makes a schema sound.
    static let version = "toolhost plugins 6/" + workerProtocolVersion
    static let maximumBytes = 64 << 20
    static let maximumEntries = 2000
    static let maximumHashes = 1000
    /// In bytes: what is larger costs more to keep than to ask for.
    private static let maximumEntry = 1 << 20

    /// Reads the cache in a directory, or begins an empty one. Without a directory nothing is kept.
    init(directory: String?) {
        path = directory.map { $0 + "/" + Self.fileName }
        let content: PluginCacheFile?
        if let path, let bytes = try? PrivateFile.read(path, limit: Self.maximumBytes) {
            content = PluginCacheFile(bytes)
            // What is damaged is replaced even if this run finds out nothing new.
            isChanged = content == nil
        } else {
            content = nil
        }
        entries = content?.entries ?? [:]
        hashes = KnownHashes(content?.hashes ?? [:])
    }

    /// What is known of the plugin at a real path, whether or not it is still the same file.
    func entry(at path: String) -> Entry? { entries[ExactKey(path)].flatMap { Entry($0, path) } }

    /// Keeps what is known of the plugin at a real path.
    mutating func keep(_ entry: Entry, at path: String) {
        entries[ExactKey(path)] = entry.bytes
        isChanged = true
    }

    /// Has all plugins tried again that failed.
    mutating func forgetFailures() {
        for path in entries.keys {
            guard case .failed? = entry(at: path.text)?.outcome else { continue }
            entries[path] = nil
            isChanged = true
        }
    }

    /// Writes what is new.
    ///
    /// What another process wrote meanwhile may be lost, which costs those plugins one more look.
    func save() throws(StorageFault) {
        guard let path, isChanged || hashes.isChanged else { return }
        var kept = entries.filter { $0.value.count <= Self.maximumEntry }
        if kept.count > Self.maximumEntries { kept = kept.filter { ConfigurationFile.exists($0.key.text) } }
        var left = Self.maximumBytes - PluginCacheFile.overhead
        let sorted = kept.sorted { $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8) }
        let fitting = sorted.prefix(Self.maximumEntries).filter { path, bytes in
            left -= path.text.utf8.count + bytes.count + PluginCacheFile.entryOverhead
            return left >= 0
        }
        try PrivateFile.write(PluginCacheFile.bytes(hashes.kept(limit: Self.maximumHashes), fitting), to: path)
    }

    /// True if it is worth keeping how a plugin failed.
    static func isLasting(_ failure: PluginError) -> Bool { lasting.contains(failure.code) }
}

extension PluginCache.Entry {
    /// True if this is about the files as they are now.
    func isAbout(_ file: PluginFile) -> Bool {
        identities.count == file.parts.count && zip(identities, file.parts).allSatisfy { $0 == $1.identity }
    }

    /// What the file registered.
    var registered: PluginCache.Registered? {
        if case .registered(let registered)? = outcome { registered } else { nil }
    }

    /// The failure of the file in the same sandbox, if it has no more time now than it had then.
    func failure(of file: PluginFile, _ conditions: PluginCache.Conditions) -> PluginError? {
        guard case .failed(let code, let message, let then)? = outcome, conditions.sandbox == then.sandbox,
            conditions.milliseconds <= then.milliseconds
        else { return nil }
        return PluginError(
            code,
            file: file.path,
            "Is the file that failed when it was last tried, so it was not tried again (toolhost doctor --release has it "
                + "tried). \(message)"
        )
    }
}

extension HostConfiguration {
    /// Lets all plugins be tried again that are in quarantine, or that failed when they were last loaded.
    ///
    /// - Throws: ``ConfigurationError`` where that cannot be written.
    public func releasePlugins() throws(ConfigurationError) {
        if let stateFolder { try Quarantine(folder: stateFolder).clear() }
        var cache = PluginCache(directory: cacheFolder)
        cache.forgetFailures()
        do throws(StorageFault) {
            try cache.save()
        } catch {
            throw ConfigurationError(message: "The plugin cache in \(cacheFolder ?? "") \(error.sentence)")
        }
    }
}
