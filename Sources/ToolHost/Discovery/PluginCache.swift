import Glibc
import ToolJSON
import ToolRuntime
import ToolSandbox

/// The cache of findings about plugins: their registrations or failures, the findings of the checks of their files, and
/// the hashes of their files.
///
/// With it, a start runs no code of unchanged plugins and reads none of their files. It is one file, which is read once
/// and written once in a run. It may be lost at any time: if it is damaged, the plugins are checked again.
struct PluginCache: Sendable {
    /// The findings about one plugin.
    struct Entry: Sendable {
        /// The states of its files for which the findings hold.
        let identities: [FileIdentity]
        var outcome: Outcome?
        var findings: PluginFindings?
        /// The names of the tools that the plugin had before it failed, for messages about them.
        var formerTools: [String] = []
        /// The fingerprint of the interpreter for which the outcome holds, or nil for a plugin without one.
        var interpreter: String?
    }

    /// The outcome of the last attempt to register a plugin.
    enum Outcome: Sendable {
        case registered(Registered)
        /// The plugin's own failure, and the conditions under which it failed.
        case failed(PluginError.Code, String, Conditions)
    }

    /// A registration, with results that follow from it alone.
    struct Registered: Sendable {
        let registration: PluginRegistration
        /// The hash of the manifest and all schemas, if it was needed.
        var schemaHash: String?
        /// The summary of each tool, or nil if its schema has an error or a warning.
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

    /// The kinds of failures that are the same at every attempt.
    ///
    /// Others may depend on other files, on the configuration or on the version of this program.
    private static let lasting: Set<PluginError.Code> = [.crashed, .refused, .notPlugin]

    /// The hashes of files, shared by all that hash.
    let hashes: KnownHashes

    private let file: UserFile<PluginCacheFile>?
    /// The entries by the real paths of the plugins, as they are in the file.
    private var entries: [ExactKey: ArraySlice<UInt8>] = [:]
    private var isChanged = false

    static let fileName = "plugins.cache"
    /// The version of the file, which changes with the layout and with the rules for schemas.
    static let version = "toolhost plugins 8/" + workerProtocolVersion
    static let maximumBytes = 64 << 20
    static let maximumEntries = 2000
    static let maximumHashes = 1000
    /// The maximum size of an entry in bytes: a larger one costs more to store than to make again.
    private static let maximumEntry = 1 << 20

    /// Reads the cache in a directory, or begins an empty one.
    ///
    /// - Parameter directory: The directory, or nil to store nothing.
    init(directory: String?) {
        file = directory.map { UserFile(path: $0 + "/" + Self.fileName) }
        var content: PluginCacheFile?
        do throws(ToolHostError) {
            content = try file?.read()
        } catch {
            // A damaged file is replaced even if this run finds nothing new.
            isChanged = error.code == .invalidConfiguration
        }
        entries = content?.entries ?? [:]
        hashes = KnownHashes(content?.hashes ?? [:])
    }

    /// Returns the findings about the plugin at a real path; the file may have changed since.
    func entry(at path: String) -> Entry? { entries[ExactKey(path)].flatMap(Entry.init) }

    /// Returns the names of the tools that the plugin at a path had when it last registered; the file may have changed
    /// since.
    func toolNames(at path: String) -> [String] {
        guard let real = realpath(path, nil) else { return [] }
        defer { free(real) }
        guard let entry = entry(at: String(cString: real)) else { return [] }
        return entry.registered?.registration.toolNames ?? entry.formerTools
    }

    /// Stores the findings about the plugin at a real path.
    mutating func store(_ entry: Entry, at path: String) {
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
            store(entry, at: path.text)
        }
    }

    /// Writes the cache if it has changed.
    ///
    /// The findings of another process that wrote in the meantime may be lost; those plugins are then checked once
    /// more.
    func save() throws(ToolHostError) {
        guard let file, isChanged || hashes.isChanged else { return }
        var kept = entries
        if kept.count > Self.maximumEntries { kept = kept.filter { PrivateFile.exists($0.key.text) } }
        try file.replace(with: PluginCacheFile(hashes: hashes.kept(limit: Self.maximumHashes), entries: kept))
    }

    /// True if a failure is the same at every attempt, so that it is stored.
    static func isLasting(_ failure: PluginError) -> Bool { lasting.contains(failure.code) }
}

extension PluginCache.Entry {
    /// True if the findings hold for the current files.
    func isAbout(_ file: PluginFile) -> Bool {
        identities.count == file.parts.count && zip(identities, file.parts).allSatisfy { $0 == $1.identity }
    }

    /// The registration, if the plugin registered.
    var registered: PluginCache.Registered? {
        if case .registered(let registered)? = outcome { registered } else { nil }
    }

    /// Returns the recorded failure, if the plugin has the same sandbox and no more time than when it failed.
    func failure(of file: PluginFile, _ conditions: PluginCache.Conditions) -> PluginError? {
        guard case .failed(let code, let message, let then)? = outcome, conditions.sandbox == then.sandbox,
            conditions.milliseconds <= then.milliseconds
        else { return nil }
        return PluginError(
            code,
            file: file.path,
            "Failed when it was last tried and has not changed since, so it was not tried again. \(message)",
            remedy: .release
        )
    }
}
