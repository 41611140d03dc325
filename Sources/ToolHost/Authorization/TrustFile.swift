import Glibc
import ToolJSON

/// The plugins that a user has agreed to, each as it was then: `plugins.lock.json`.
public struct TrustFile: Sendable, Hashable {
    /// What was agreed to.
    public struct Record: Sendable, Hashable {
        /// The SHA-256 of the file, and of the libraries that it brings along, in hexadecimal digits.
        public let hash: String
        /// Where it was.
        public let file: String
        /// The plugin's name.
        public let name: String
        /// The SHA-256 of its manifest and its tools' schemas.
        public let schemas: String
        /// The names of its tools; none where an older version wrote it down.
        public let tools: [String]
        /// The permissions that were granted: real paths, and `${KEY}` as the manifest has it.
        public let permissions: PluginPermissions
        /// The real paths that configuration keys stood for.
        ///
        /// A key of ``permissions`` that is not here had no value then.
        public let values: [String: String]
        /// The date of the record in seconds of the Unix epoch, at most 1 << 40.
        ///
        /// A record has a later date than all records that were in the lock file before it, except at the maximum.
        public internal(set) var date: Int
    }

    /// The path of the file.
    public let path: String

    private var isIgnored = false

    private static let version = 1
    private static let maximumBytes = 4 << 20
    private static let maximumDate = 1 << 40

    /// The file at a path, which need not be there yet.
    public init(path: String) { self.path = path }

    /// The same file, read as if it had no records: to find out about everything else when it cannot be used.
    public func ignoringRecords() -> TrustFile {
        var file = self
        file.isIgnored = true
        return file
    }

    /// Reads what was agreed to.
    ///
    /// - Throws: ``ToolHostError`` where the file is damaged, of a later version, or others may write it.
    public func records() throws(ToolHostError) -> [Record] {
        if isIgnored { return [] }
        let bytes: [UInt8]?
        do {
            bytes = try PrivateFile.read(path, limit: Self.maximumBytes)
        } catch {
            throw fault(error.sentence)
        }
        guard let bytes else { return [] }
        let document: JSON
        do {
            document = try JSON(parsing: bytes)
        } catch {
            throw fault("is damaged: \(error). Mend it, or move it away and trust your plugins anew.")
        }
        guard let version = document["version"]?.int, let plugins = document["plugins"]?.object else {
            throw fault("is damaged: it has no \"version\" or no \"plugins\". Mend it, or move it away.")
        }
        guard version == Self.version else {
            throw fault("was written by another version of toolhost (\(version)). Update toolhost, or move it away.")
        }
        var records: [Record] = []
        for (hash, value) in plugins {
            guard let file = value["file"]?.string, let name = value["name"]?.string,
                let schemas = value["schemas"]?.string, let date = value["date"]?.int(in: 0...Self.maximumDate)
            else { throw fault("is damaged at \(hash.prefix(70)). Mend it, or move it away.") }
            let permissions: PluginPermissions
            do {
                permissions = try PluginPermissions(value["permissions"] ?? [:])
            } catch {
                throw fault(
                    "cannot be used at \(name.prefix(70)): \(error.message) Mend it, or trust that plugin anew."
                )
            }
            guard let values = Self.values(value["values"] ?? [:]) else {
                throw fault(
                    "is damaged at \(name.prefix(70)): \"values\" must have an absolute path for each key. Mend it, or trust "
                        + "that plugin anew."
                )
            }
            records.append(
                Record(
                    hash: hash,
                    file: file,
                    name: name,
                    schemas: schemas,
                    tools: value["tools"]?.array?.compactMap(\.string) ?? [],
                    permissions: permissions,
                    values: values,
                    date: date
                )
            )
        }
        return records
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

    /// Records that a plugin is trusted; another state of the same file is not trusted any more.
    ///
    /// - Throws: ``ToolHostError`` where that cannot be written; nothing is lost then.
    public func record(_ record: Record) throws(ToolHostError) {
        try change { records in
            var record = record
            record.date = min(max(record.date, (records.map(\.date).max() ?? 0) + 1), Self.maximumDate)
            records.removeAll { $0.file.hasSameBytes(as: record.file) || $0.hash == record.hash }
            records.append(record)
        }
    }

    /// Takes trust away from the plugins at a path, or of a name.
    ///
    /// - Returns: How many there were.
    public func remove(_ fileOrName: String) throws(ToolHostError) -> Int {
        var count = 0
        try change { records in
            let before = records.count
            records.removeAll { $0.file == fileOrName || $0.name == fileOrName }
            count = before - records.count
        }
        return count
    }

    private func change(
        _ body: (inout [Record]) -> Void
    ) throws(ToolHostError) {
        var problem: ToolHostError?
        do throws(UserFileError) {
            try PrivateFile.exclusively(path) { () throws(UserFileError) in
                var records: [Record]
                do throws(ToolHostError) {
                    records = try self.records()
                } catch {
                    problem = error
                    return
                }
                body(&records)
                try write(records)
            }
        } catch {
            throw fault(error.sentence)
        }
        if let problem { throw problem }
    }

    private func write(_ records: [Record]) throws(UserFileError) {
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
        try PrivateFile.write(document.bytes(.pretty) + [0x0A], to: path)
    }

    private func fault(_ words: String) -> ToolHostError {
        ToolHostError(message: "The lock file \(path) \(words)")
    }
}
