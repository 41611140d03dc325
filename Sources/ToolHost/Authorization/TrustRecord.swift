/// A record of a lock file, with the path of its plugin.
struct TrustRecord: Sendable {
    let record: TrustFile.Record
    /// The path of the plugin's file.
    let file: String
    /// True if the record is in the lock file of the installation.
    let isInstalled: Bool
}
