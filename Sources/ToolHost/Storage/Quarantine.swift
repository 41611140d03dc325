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
        /// The path of the file.
        public let file: String
        /// When its last processes died, in seconds of the Unix epoch.
        public let deaths: [Int]
        /// The cause of the last death.
        public let reason: String
        /// The last of what it wrote before, in one line.
        public let output: String

        /// True if it died often enough not to be run any more.
        public var isHeld: Bool { deaths.count >= Quarantine.deathsAllowed }
    }

    /// So many deaths in ``period`` and the plugin is held.
    static let deathsAllowed = 5
    /// In seconds.
    static let period = 600

    private let path: String

    private static let version = 1
    private static let maximumBytes = 8 << 20
    /// The bytes that the file has besides its entries.
    private static let envelope = 100
    private static let maximumEntries = 1000
    /// In bytes: of each text of an entry.
    private static let (maximumFile, maximumText) = (4096, 1024)

    /// The quarantine that is kept in a directory.
    public init(directory: String) { path = directory + "/quarantine.json" }

    /// The plugins that are held.
    ///
    /// None where the file cannot be read: then they get more chances than they should, which harms nobody else.
    public var held: [Entry] { ((try? entries()) ?? []).filter(\.isHeld) }

    /// Lets all plugins go, and forgets their deaths.
    ///
    /// - Throws: ``ToolHostError`` where that cannot be written down.
    public func clear() throws(ToolHostError) {
        do throws(UserFileError) {
            try PrivateFile.exclusively(path) { () throws(UserFileError) in
                do throws(UserFileError) {
                    if try entries() != [] { try write([]) }
                } catch {
                    // Nothing of it is to be kept, so it need not be read.
                    guard !error.isNewer else { throw error }
                    try write([])
                }
            }
        } catch {
            throw ToolHostError(message: "The quarantine \(path) \(error.sentence)")
        }
    }

    /// The reason why a file is not run, if it is held.
    ///
    /// - Parameter isForModel: True for the result of a call, which has no details: they may hold text of the plugin.
    func sentence(for file: PluginFile, isForModel: Bool = false) -> String? {
        Self.sentence(for: file, among: held, isForModel: isForModel)
    }

    /// The reason why one of many files is not run, for which the quarantine is read once.
    ///
    /// - Parameters:
    ///   - held: The plugins that are held.
    ///   - known: The hashes that need not be computed again, or nil to hash every file.
    static func sentence(
        for file: PluginFile,
        among held: [Entry],
        _ known: KnownHashes? = nil,
        isForModel: Bool = false
    ) -> String? {
        // Hashing a file takes longer than to see that there is nobody in quarantine.
        guard !held.isEmpty else { return nil }
        let hash: String
        do throws(HashError) {
            hash = try ContentHash(file, known).text
        } catch {
            guard case .unavailable(let reason) = error else { return nil }
            return "Cannot be compared with the plugins in quarantine, so it is not run. \(reason)"
        }
        guard let entry = held.first(where: { $0.hash == hash }) else { return nil }
        if isForModel {
            return "Is in quarantine, because its process died again and again. Only the user can change that."
        }
        return "Is in quarantine: its process died \(entry.deaths.count) times within \(period / 60) minutes, "
            + "at last like this: \(entry.reason)"
            + (entry.output.isEmpty ? "" : " The last of its output: \(entry.output)")
    }

    /// Records a death.
    ///
    /// Where it cannot be written or the file not be hashed, the plugin gets more chances than it should, which harms
    /// nobody else.
    func recordDeath(of file: PluginFile, _ reason: String, output: String = "") {
        guard let hash = try? ContentHash(file).text else { return }
        let now = time(nil)
        try? PrivateFile.exclusively(path) { () throws(UserFileError) in
            var entries = try entries()
            let old = entries.first { $0.hash == hash }
            entries.removeAll { $0.hash == hash }
            let recent = (old?.deaths ?? []).filter { old?.isHeld == true || $0 > now - Self.period }
            let deaths = Array((recent + [now]).suffix(Self.deathsAllowed))
            entries.append(
                Entry(
                    hash: hash,
                    file: Self.safe(file.path.unicodeScalars, bytes: Self.maximumFile),
                    deaths: deaths,
                    reason: Self.safe(reason.unicodeScalars, bytes: Self.maximumText),
                    output: Self.safeEnd(output)
                )
            )
            try write(entries.suffix(Self.maximumEntries))
        }
    }

    /// The entries of the file; none where it is not JSON: a broken file is replaced.
    ///
    /// - Throws: Where it cannot be read, or a younger version wrote it: that one's work is not to be lost.
    private func entries() throws(UserFileError) -> [Entry] {
        guard let bytes = try PrivateFile.read(path, limit: Self.maximumBytes),
            let document = try? JSON(parsing: bytes, limits: JSONLimits(bytes: Self.maximumBytes))
        else { return [] }
        if let version = document["version"]?.int, version > Self.version {
            throw UserFileError(
                "was written by a newer toolhost (version \(version)), so it is left alone.",
                isNewer: true
            )
        }
        return (document["plugins"]?.object ?? [:]).compactMap { hash, value in
            guard let file = value["file"]?.string, let reason = value["reason"]?.string,
                let deaths = value["deaths"]?.array?.compactMap({ $0.int(in: 0...1 << 40) })
            else { return nil }
            let output = value["output"]?.string ?? ""
            return Entry(hash: hash, file: file, deaths: deaths, reason: reason, output: output)
        }
    }

    /// The first of a text, in printable characters that take no more than so many bytes.
    private static func safe(_ text: some Sequence<Unicode.Scalar>, bytes: Int) -> String {
        var safe = String.UnicodeScalarView()
        var left = bytes
        for scalar in text {
            let isControl = scalar.properties.generalCategory == .control
            let scalar: Unicode.Scalar = isControl ? " " : scalar
            left -= UTF8.width(scalar)
            guard left >= 0 else { break }
            safe.append(scalar)
        }
        return String(safe)
    }

    /// The same for the last of a text.
    private static func safeEnd(_ text: String) -> String {
        let backwards = safe(text.unicodeScalars.reversed(), bytes: maximumText)
        return String(String.UnicodeScalarView(backwards.unicodeScalars.reversed()))
    }

    /// Writes the youngest of the entries: as many as can be read again.
    private func write(_ entries: some BidirectionalCollection<Entry>) throws(UserFileError) {
        var (members, left) = ([(String, JSON)](), Self.maximumBytes - Self.envelope)
        for entry in entries.reversed() {
            let value: JSON = [
                "file": .string(entry.file), "reason": .string(entry.reason), "output": .string(entry.output),
                "deaths": .array(entry.deaths.map { .int($0) }),
            ]
            // Six bytes: what stands around a name and a value.
            left -= JSON.string(entry.hash).bytes().count + value.bytes().count + 6
            guard left >= 0 else { break }
            members.append((entry.hash, value))
        }
        let document: JSON = ["version": .int(Self.version), "plugins": .object(JSONObject(members.reversed()))]
        try PrivateFile.write(document.bytes(), to: path)
    }
}
