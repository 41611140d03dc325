import ToolJSON

/// The content of a lock file.
struct TrustRecords: WritableUserFileContent {
    private(set) var records: [TrustFile.Record] = []

    static let title = "The lock file"
    static let maximumBytes = 4 << 20
    private static let version = 1
    private static let maximumDate = 1 << 40

    init() {}

    init(parsing bytes: [UInt8]) throws(UserFileError) {
        let document: JSON
        do {
            document = try JSON(parsing: bytes)
        } catch {
            throw UserFileError(
                "is damaged: \(error). Repair it, or move it away and trust your plugins again.",
                underlyingError: error
            )
        }
        guard let version = document["version"]?.int, let plugins = document["plugins"]?.object else {
            throw UserFileError("is damaged: it has no \"version\" or no \"plugins\". Repair it, or move it away.")
        }
        try Self.checkVersion(version, is: Self.version)
        for (hash, value) in plugins { records.append(try Self.record(hash, value)) }
    }

    /// Adds a record in place of others of the same file or content.
    mutating func add(_ record: TrustFile.Record) {
        var record = record
        record.date = min(max(record.date, (records.map(\.date).max() ?? 0) + 1), Self.maximumDate)
        records.removeAll { $0.file.hasSameBytes(as: record.file) || $0.hash == record.hash }
        records.append(record)
    }

    /// Removes the records with a path or a name, and returns their number.
    mutating func remove(_ fileOrName: String) -> Int {
        let before = records.count
        records.removeAll { $0.file == fileOrName || $0.name == fileOrName }
        return before - records.count
    }

    var bytes: [UInt8] {
        var plugins = JSONObject()
        for record in records.sorted(by: { ($0.file, $0.hash) < ($1.file, $1.hash) }) {
            var members: JSONObject = [
                "file": .string(record.file), "name": .string(record.name), "schemas": .string(record.schemas),
                "tools": .array(record.tools.map(JSON.string)), "permissions": record.permissions.json,
                "date": .int(record.date),
            ]
            if !record.values.isEmpty {
                members["values"] = .object(
                    JSONObject(record.values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
                )
            }
            plugins[record.hash] = .object(members)
        }
        let document: JSON = ["version": .int(Self.version), "plugins": .object(plugins)]
        return document.bytes(.pretty) + [0x0A]
    }

    private static func record(_ hash: String, _ value: JSON) throws(UserFileError) -> TrustFile.Record {
        guard let file = value["file"]?.string, let name = value["name"]?.string,
            let schemas = value["schemas"]?.string, let date = value["date"]?.int(in: 0...maximumDate)
        else { throw UserFileError("is damaged at \(hash.prefix(70)). Repair it, or move it away.") }
        let permissions: PluginPermissions
        do {
            permissions = try PluginPermissions(value["permissions"] ?? [:])
        } catch {
            throw UserFileError(
                "is invalid at \(name.prefix(70)): \(error.message) Repair it, or trust that plugin again.",
                underlyingError: error
            )
        }
        guard let values = values(value["values"] ?? [:]) else {
            throw UserFileError(
                "is damaged at \(name.prefix(70)): \"values\" must have an absolute path for each key. Repair it, or trust "
                    + "that plugin again."
            )
        }
        return TrustFile.Record(
            hash: hash,
            file: file,
            name: name,
            schemas: schemas,
            tools: value["tools"]?.array?.compactMap(\.string) ?? [],
            permissions: permissions,
            values: values,
            date: date
        )
    }

    private static func values(_ json: JSON) -> [String: String]? {
        guard let members = json.object else { return nil }
        var values: [String: String] = [:]
        for (key, value) in members {
            guard Identifier.isPluginName(key), let path = value.string, PluginPermissions.isUsablePath(path) else {
                return nil
            }
            values[key] = path
        }
        return values
    }
}
