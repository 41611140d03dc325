import ToolRuntime

/// The plugins that a user trusts, and the permissions that are granted for this run.
public struct TrustConfiguration: Sendable {
    /// The user's lock file, in which new trust is recorded; nil to record none.
    public var lockFile: TrustFile?

    /// The lock file of the installation, for the plugins that were installed with the program.
    ///
    /// It grants a configuration key with any path that the user configures for such a plugin. The user's own lock file
    /// grants a key only the path that it had when the plugin was trusted.
    public var installedLockFile: TrustFile?

    /// The directory of the plugins of ``installedLockFile``, which has only the names of their files.
    public var installedDirectory: String?

    /// The permissions that are granted for this run.
    public var allowances: [Allowance] = []

    /// A Boolean value that indicates whether a plugin is refused unless a lock file has its current content.
    public var requiresTrust = false

    /// Creates a configuration in which no plugin is trusted and nothing is granted.
    public init() {}

    /// The records of the lock files.
    func records() throws(ToolHostError) -> [TrustRecord] {
        let own = try lockFile?.records() ?? []
        let installed = try installedLockFile?.records() ?? []
        return own.map { TrustRecord(record: $0, file: $0.file, isInstalled: false) }
            + installed.map { record in
                let file = record.file.isAbsolutePath ? nil : installedDirectory.map { "\($0)/\(record.file)" }
                return TrustRecord(record: record, file: file ?? record.file, isInstalled: true)
            }
    }
}
