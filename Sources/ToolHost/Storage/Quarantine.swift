import Glibc
import ToolJSON
import ToolRuntime

/// Plugins whose processes died again and again: they are not run any more until their file changes or the user says so.
///
/// Told apart by the content of their files, so that a copy is the same plugin and a new build is not.
public struct Quarantine: Sendable, Hashable {
    /// One plugin that has died.
    public struct Entry: Sendable, Hashable {
        /// The SHA-256 of its file, and of the libraries that it brings along.
        public let hash: String
        /// Where the file was.
        public let file: String
        /// When its last processes died, in seconds of the Unix epoch.
        public let deaths: [Int]
        /// How the last one died.
        public let reason: String

        /// Whether it died often enough not to be run any more.
        public var isHeld: Bool { deaths.count >= Quarantine.deathsAllowed }
    }

    /// So many deaths in ``period`` and the plugin is held.
    static let deathsAllowed = 5
    /// In seconds.
    static let period = 600

    private let path: String

    private static let maximumBytes = 1 << 20
    private static let maximumEntries = 1000

    /// The quarantine that is kept in a folder.
    public init(folder: String) { path = folder + "/quarantine.json" }

    /// The plugins that are held.
    public var held: [Entry] { entries().filter(\.isHeld) }

    /// Lets all plugins go, and forgets their deaths.
    ///
    /// - Throws: ``ConfigurationError`` where that cannot be written down.
    public func clear() throws(ConfigurationError) {
        do throws(StorageFault) {
            try PrivateFile.exclusively(path) { () throws(StorageFault) in
                if !entries().isEmpty { try write([]) }
            }
        } catch {
            throw ConfigurationError(message: "The quarantine \(path) \(error.sentence)")
        }
    }

    /// Why a file is not run, if it is held.
    func sentence(for file: PluginFile) -> String? {
        let held = held
        // Hashing a file takes longer than to see that there is nobody in quarantine.
        guard !held.isEmpty, let hash = ContentHash(file)?.text, let entry = held.first(where: { $0.hash == hash })
        else {
            return nil
        }
        return "Is in quarantine: its process died \(entry.deaths.count) times within \(Self.period / 60) minutes, "
            + "at last like this: \(entry.reason) Replace the file, or let it run again: toolhost doctor --release."
    }

    /// Takes down a death.
    ///
    /// Where that cannot be written, the plugin gets more chances than it should, which harms nobody else.
    func recordDeath(of file: PluginFile, _ reason: String) {
        guard let hash = ContentHash(file)?.text else { return }
        let now = time(nil)
        try? PrivateFile.exclusively(path) { () throws(StorageFault) in
            var entries = entries()
            let old = entries.first { $0.hash == hash }
            entries.removeAll { $0.hash == hash }
            let recent = (old?.deaths ?? []).filter { old?.isHeld == true || $0 > now - Self.period }
            let deaths = Array((recent + [now]).suffix(Self.deathsAllowed))
            entries.append(Entry(hash: hash, file: file.path, deaths: deaths, reason: String(reason.prefix(500))))
            try write(entries.suffix(Self.maximumEntries))
        }
    }

    private func entries() -> [Entry] {
        guard let bytes = try? PrivateFile.read(path, limit: Self.maximumBytes),
            let document = try? JSON(parsing: bytes)
        else { return [] }
        return (document["plugins"]?.object ?? [:]).compactMap { hash, value in
            guard let file = value["file"]?.string, let reason = value["reason"]?.string,
                let deaths = value["deaths"]?.array?.compactMap(\.int)
            else { return nil }
            return Entry(hash: hash, file: file, deaths: deaths, reason: reason)
        }
    }

    private func write(_ entries: some Collection<Entry>) throws(StorageFault) {
        var plugins = JSONObject()
        for entry in entries {
            plugins[entry.hash] = [
                "file": .string(entry.file), "reason": .string(entry.reason),
                "deaths": .array(entry.deaths.map { .int($0) }),
            ]
        }
        let document: JSON = ["version": 1, "plugins": .object(plugins)]
        try PrivateFile.write(document.bytes(), to: path)
    }
}
