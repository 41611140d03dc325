import Glibc
import ToolRuntime

/// The record of plugins whose processes died repeatedly.
///
/// A plugin that died often enough is not run until its file changes or the user releases it. Plugins are identified by
/// the content of their files, so a copy is the same plugin and a new build is not.
public struct Quarantine: Sendable, Hashable {
    /// The record of one plugin.
    public struct Entry: Sendable, Hashable {
        /// The SHA-256 of the plugin's file, and of the libraries that it brings along.
        public let hash: String
        /// The path of the file.
        public let file: String
        /// The times of its latest deaths, in seconds of the Unix epoch.
        public let deaths: [Int]
        /// The cause of the last death.
        public let reason: String
        /// The end of the output before the last death, in one line.
        public let output: String

        /// A Boolean value that indicates whether the plugin died so often that it is not run.
        public var isHeld: Bool { deaths.count >= Quarantine.deathsAllowed }
    }

    /// The number of deaths within ``period`` after which a plugin is held.
    static let deathsAllowed = 5
    /// The period in seconds.
    static let period = 600

    private let file: UserFile<QuarantineRecords>

    private static let maximumEntries = 1000
    /// The maximum sizes of a path and of another string of an entry, in bytes.
    private static let (maximumPath, maximumText) = (4096, 1024)

    /// The quarantine of a directory, in the file `quarantine.json`.
    public init(directory: String) { file = UserFile(path: directory + "/quarantine.json") }

    /// The plugins that are held; none if the file cannot be read.
    ///
    /// A file that cannot be read gives plugins more attempts than they should have, which harms no other program.
    public var held: [Entry] { ((try? file.read())?.entries ?? []).filter(\.isHeld) }

    /// Releases all plugins and forgets their deaths.
    ///
    /// - Throws: ``ToolHostError`` if the file cannot be written, or a later version of this program wrote it.
    public func clear() throws(ToolHostError) {
        try file.update(replacesInvalid: true) { records in records.entries = [] }
    }

    /// The sentence for the model about a file that is not run, or nil if the file is not held.
    ///
    /// It has no details, because these may hold strings of the plugin.
    func sentence(for file: PluginFile) -> String? {
        guard let refusal = Self.refusal(of: file, among: held) else { return nil }
        guard refusal.entry != nil else { return refusal.error.message }
        return "Is in quarantine, because its process died again and again. Only the user can change that."
    }

    /// The error about one of many files that is not run, or nil if the file is not held.
    ///
    /// - Parameters:
    ///   - held: The plugins that are held, read once for all files.
    ///   - known: The hashes that need not be computed again.
    static func error(for file: PluginFile, among held: [Entry], _ known: KnownHashes) -> PluginError? {
        refusal(of: file, among: held, known)?.error
    }

    private static func refusal(
        of file: PluginFile,
        among held: [Entry],
        _ known: KnownHashes? = nil
    ) -> (error: PluginError, entry: Entry?)? {
        // Hashing a file takes longer than finding the quarantine empty.
        guard !held.isEmpty else { return nil }
        let hash: String
        do throws(HashError) {
            hash = try ContentHash(file, known).text
        } catch {
            guard case .unavailable(let reason, let remedy) = error else { return nil }
            let message = "Cannot be compared with the plugins in quarantine, so it is not run. \(reason)"
            return (
                PluginError(.quarantined, file: file.path, message, underlyingError: error, remedy: remedy), nil
            )
        }
        guard let entry = held.first(where: { $0.hash == hash }) else { return nil }
        let message =
            "Is in quarantine: its process died \(entry.deaths.count) times within \(period / 60) minutes, "
            + "at last like this: \(entry.reason)"
            + (entry.output.isEmpty ? "" : " The last of its output: \(entry.output)")
        return (PluginError(.quarantined, file: file.path, message), entry)
    }

    /// Records a death.
    ///
    /// If the record cannot be written or the file cannot be hashed, the plugin gets more attempts than it should have,
    /// which harms no other program.
    func recordDeath(of file: PluginFile, _ reason: String, output: String = "") {
        guard let hash = try? ContentHash(file).text else { return }
        let now = time(nil)
        try? self.file.update { records in
            let old = records.entries.first { $0.hash == hash }
            records.entries.removeAll { $0.hash == hash }
            let recent = (old?.deaths ?? []).filter { old?.isHeld == true || $0 > now - Self.period }
            records.entries.append(
                Entry(
                    hash: hash,
                    file: Self.printable(file.path.unicodeScalars, bytes: Self.maximumPath),
                    deaths: (recent + [now]).suffix(Self.deathsAllowed),
                    reason: Self.printable(reason.unicodeScalars, bytes: Self.maximumText),
                    output: Self.printableEnd(of: output)
                )
            )
            records.entries = records.entries.suffix(Self.maximumEntries)
        }
    }

    /// The beginning of a string in printable characters, at most so many bytes.
    private static func printable(_ text: some Sequence<Unicode.Scalar>, bytes: Int) -> String {
        var printable = String.UnicodeScalarView()
        var left = bytes
        for scalar in text {
            let isControl = scalar.properties.generalCategory == .control
            let scalar: Unicode.Scalar = isControl ? " " : scalar
            left -= UTF8.width(scalar)
            guard left >= 0 else { break }
            printable.append(scalar)
        }
        return String(printable)
    }

    /// The end of a string in printable characters.
    private static func printableEnd(of text: String) -> String {
        let reversed = printable(text.unicodeScalars.reversed(), bytes: maximumText)
        return String(String.UnicodeScalarView(reversed.unicodeScalars.reversed()))
    }
}
