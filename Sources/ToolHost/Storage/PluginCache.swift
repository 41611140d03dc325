import Glibc
import ToolJSON
import ToolRuntime
import ToolSandbox

/// The cache of findings about plugins: their registrations or failures, the findings of the checks of their files, and
/// the hashes of their files.
///
/// With it, a start runs none of the code of unchanged plugins and reads none of their files. One file holds it, which is
/// read once and written once in a run. It can be lost at any time: if anything is wrong with it, the plugins are checked
/// again.
struct PluginCache: Sendable {
    /// The findings about one plugin.
    struct Entry: Sendable {
        /// The states of its files for which the findings hold.
        let identities: [FileIdentity]
        var outcome: Outcome?
        var findings: PluginFindings?
        /// The names of the tools that the plugin had before it failed, for messages about them.
        var formerTools: [String] = []
    }

    enum Outcome: Sendable {
        case registered(Registered)
        /// The plugin's own failure, and under which conditions.
        case failed(PluginError.Code, String, Conditions)
    }

    /// A registration, with results that follow from it alone.
    struct Registered: Sendable {
        let registration: PluginRegistration
        /// The hash of the manifest and all schemas, where somebody has asked for it.
        var schemaHash: String?
        /// The summary of each tool, or nil where its schema describes no tool or has something odd about it.
        var soundTools: [ToolSummary?]
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

    /// The failures that come out the same every time, as far as one can tell.
    ///
    /// Others may depend on other files, on the configuration or on the version of this program.
    private static let lasting: Set<PluginError.Code> = [.crashed, .refused, .notPlugin]

    /// The hashes of files, shared with all who hash.
    let hashes: KnownHashes

    private let path: String?
    /// The entries by the real paths of the plugins, as they are in the file.
    private var entries: [ExactKey: ArraySlice<UInt8>] = [:]
    private var isChanged = false

    static let fileName = "plugins.cache"
    /// The version of the file, which changes with the layout and with the rules for schemas.
    static let version = "toolhost plugins 7/" + workerProtocolVersion
    static let maximumBytes = 64 << 20
    static let maximumEntries = 2000
    static let maximumHashes = 1000
    /// In bytes: a larger entry costs more to keep than to make again.
    private static let maximumEntry = 1 << 20

    /// Reads the cache in a directory, or begins an empty one.
    ///
    /// - Parameter directory: The directory, or nil to keep nothing.
    init(directory: String?) {
        path = directory.map { $0 + "/" + Self.fileName }
        let content: PluginCacheFile?
        if let path, let bytes = try? PrivateFile.read(path, limit: Self.maximumBytes) {
            content = PluginCacheFile(bytes)
            // A damaged file is replaced even if this run finds nothing new.
            isChanged = content == nil
        } else {
            content = nil
        }
        entries = content?.entries ?? [:]
        hashes = KnownHashes(content?.hashes ?? [:])
    }

    /// The findings about the plugin at a real path, which may be another file by now.
    func entry(at path: String) -> Entry? { entries[ExactKey(path)].flatMap(Entry.init) }

    /// The names of the tools that the plugin at a path had when it last registered.
    ///
    /// The file may have changed since.
    func toolNames(at path: String) -> [String] {
        guard let real = realpath(path, nil) else { return [] }
        defer { free(real) }
        guard let entry = entry(at: String(cString: real)) else { return [] }
        return entry.registered?.registration.toolNames ?? entry.formerTools
    }

    /// Keeps the findings about the plugin at a real path.
    mutating func keep(_ entry: Entry, at path: String) {
        let bytes = entry.bytes
        guard bytes.count <= Self.maximumEntry else { return }
        entries[ExactKey(path)] = bytes[...]
        isChanged = true
    }

    /// Drops all failures, so that the plugins are tried again.
    mutating func forgetFailures() {
        for path in entries.keys {
            guard var entry = entry(at: path.text), case .failed? = entry.outcome else { continue }
            entry.outcome = nil
            keep(entry, at: path.text)
        }
    }

    /// Writes the cache if anything is new.
    ///
    /// The findings of another process that wrote meanwhile may be lost; then those plugins are checked once more.
    func save() throws(UserFileError) {
        guard let path, isChanged || hashes.isChanged else { return }
        var kept = entries
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
    /// True if the findings hold for the files as they are now.
    func isAbout(_ file: PluginFile) -> Bool {
        identities.count == file.parts.count && zip(identities, file.parts).allSatisfy { $0 == $1.identity }
    }

    /// The registration, if the plugin registered.
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
            "Failed when it was last tried and has not changed since, so it was not tried again. \(message)"
        )
    }
}

extension HostConfiguration {
    /// Lets all plugins be tried again that are in quarantine, or that failed when they were last loaded.
    ///
    /// - Throws: ``ToolHostError`` where that cannot be written.
    public func releasePlugins() throws(ToolHostError) {
        if let stateDirectory { try Quarantine(directory: stateDirectory).clear() }
        var cache = PluginCache(directory: cacheDirectory)
        cache.forgetFailures()
        do throws(UserFileError) {
            try cache.save()
        } catch {
            throw ToolHostError(message: "The plugin cache in \(cacheDirectory ?? "") \(error.sentence)")
        }
    }
}
