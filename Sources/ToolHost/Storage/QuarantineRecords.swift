import ToolJSON

/// The content of the quarantine's file.
struct QuarantineRecords: WritableUserFileContent {
    /// The entries, the latest last.
    var entries: [Quarantine.Entry] = []

    static let title = "The quarantine"
    static let maximumBytes = 8 << 20
    private static let version = 1
    /// The bytes that the file has besides its entries.
    private static let envelope = 100

    init() {}

    /// Reads the entries; a file that is not JSON has none, so that a damaged file is replaced.
    init(parsing bytes: [UInt8]) throws(UserFileError) {
        guard let document = try? JSON(parsing: bytes, limits: JSONLimits(bytes: Self.maximumBytes)) else { return }
        // An older version has nothing that would be lost.
        if let version = document["version"]?.int, version > Self.version {
            try Self.checkVersion(version, is: Self.version)
        }
        entries = (document["plugins"]?.object ?? [:]).compactMap { hash, value in
            guard let file = value["file"]?.string, let reason = value["reason"]?.string,
                let deaths = value["deaths"]?.array?.compactMap({ $0.int(in: 0...1 << 40) })
            else { return nil }
            let output = value["output"]?.string ?? ""
            return Quarantine.Entry(hash: hash, file: file, deaths: deaths, reason: reason, output: output)
        }
    }

    /// The latest of the entries: as many as can be read again.
    var bytes: [UInt8] {
        var (members, left) = ([(String, JSON)](), Self.maximumBytes - Self.envelope)
        for entry in entries.reversed() {
            let value: JSON = [
                "file": .string(entry.file), "reason": .string(entry.reason), "output": .string(entry.output),
                "deaths": .array(entry.deaths.map { .int($0) }),
            ]
            // Six bytes: the punctuation around a name and a value.
            left -= JSON.string(entry.hash).bytes().count + value.bytes().count + 6
            guard left >= 0 else { break }
            members.append((entry.hash, value))
        }
        let document: JSON = ["version": .int(Self.version), "plugins": .object(JSONObject(members.reversed()))]
        return document.bytes()
    }
}
