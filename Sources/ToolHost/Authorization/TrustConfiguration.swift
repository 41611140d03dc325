/// The plugins that a user trusts, and what is granted besides.
public struct TrustConfiguration: Sendable {
    /// The lock file that records the user's answers, or nil to record none.
    public var file: TrustFile?

    /// A lock file that came with the installation, for the plugins that came with it.
    ///
    /// It grants a configuration key whatever path the user configures for such a plugin. The user's own lock file grants
    /// a key only the path that it had when the plugin was trusted.
    public var installed: TrustFile?

    /// The directory of the plugins that ``installed`` is for: it names their files alone.
    public var installedDirectory: String?

    /// The grants for this run.
    public var allowances: [Allowance] = []

    /// True to refuse each plugin that is not in a lock file as it is now.
    public var isLocked = false

    /// No plugin is trusted, and nothing is granted.
    public init() {}

    /// The records of the lock files.
    func records() throws(ToolHostError) -> [TrustRecord] {
        let own = try file?.records() ?? []
        let installed = try installed?.records() ?? []
        return own.map { TrustRecord(record: $0, file: $0.file, isInstalled: false) }
            + installed.map { record in
                let file = record.file.isAbsolutePath ? nil : installedDirectory.map { "\($0)/\(record.file)" }
                return TrustRecord(record: record, file: file ?? record.file, isInstalled: true)
            }
    }
}

/// A record of a lock file.
struct TrustRecord: Sendable {
    let record: TrustFile.Record
    /// The path of the plugin's file.
    let file: String
    /// True if it stands in the lock file that came with the installation.
    let isInstalled: Bool
}
