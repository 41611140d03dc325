/// The plugins that a user trusts, each with the hash of its content at that time: `plugins.lock.json`.
public struct TrustFile: Sendable, Hashable {
    /// A trusted plugin.
    public struct Record: Sendable, Hashable {
        /// The SHA-256 of the file and of the libraries that it brings along, in hexadecimal digits.
        public let hash: String
        /// The path of the file; only its name in the lock file of an installation.
        public let file: String
        /// The name of the plugin.
        public let name: String
        /// The SHA-256 of its manifest and its tools' schemas.
        public let schemas: String
        /// The names of its tools; empty in a record of an older version.
        public let tools: [String]
        /// The granted permissions: real paths, and `${KEY}` as the manifest has it.
        public let permissions: PluginPermissions
        /// The real paths that configuration keys stood for.
        ///
        /// A key of ``permissions`` that is absent here had no value then.
        public let values: [String: String]
        /// The date of the record in seconds of the Unix epoch, at most 1 << 40.
        ///
        /// A record has a later date than all records that were in the lock file before it, except at the maximum.
        public internal(set) var date: Int
    }

    /// The path of the file.
    public let path: String

    private var isIgnored = false

    /// Creates a value for the file at a path, which may be absent.
    public init(path: String) { self.path = path }

    /// Returns the same file, read as if it had no records, so that everything else can be examined if it is invalid.
    public func ignoringRecords() -> TrustFile {
        var file = self
        file.isIgnored = true
        return file
    }

    /// Reads the records; an absent file has none.
    ///
    /// - Throws: ``ToolHostError`` if the file is invalid, a later version wrote it, or other users may write it.
    public func records() throws(ToolHostError) -> [Record] {
        isIgnored ? [] : try file.read()?.records ?? []
    }

    /// Records that a plugin is trusted.
    ///
    /// Other contents of the same file are no longer trusted.
    ///
    /// - Throws: ``ToolHostError`` if the file cannot be read or written; it stays as it was then.
    public func record(_ record: Record) throws(ToolHostError) {
        try file.update { content throws(UserFileError) in content.add(record) }
    }

    /// Removes the trust of the plugins with a path or a name.
    ///
    /// - Returns: The number of removed records.
    /// - Throws: ``ToolHostError`` if the file cannot be read or written.
    public func remove(_ fileOrName: String) throws(ToolHostError) -> Int {
        try file.update { content throws(UserFileError) in content.remove(fileOrName) }
    }

    private var file: UserFile<TrustRecords> { UserFile(path: path) }
}
