/// A record of a lock file, with the current state of its plugin.
public struct TrustedPlugin: Sendable {
    /// The state of a plugin that is in a lock file.
    public enum State: String, Sendable, Hashable {
        /// The file and its tools are the recorded ones.
        case trusted
        /// The file or its tools have changed, so the plugin is not trusted.
        case changed
        /// The file does not exist.
        case missing
        /// The file cannot be used.
        case broken
    }

    /// The record.
    public let record: TrustFile.Record
    /// The path at which the plugin's file was found, or else the recorded path.
    public let file: String
    /// A Boolean value that indicates whether the record is in the lock file of the installation.
    public let isInstalled: Bool
    /// The state of the plugin.
    public let state: State
    /// The reason why a plugin is broken, in sentences.
    public let reason: String?
    /// The configuration keys whose value was set or changed after the plugin was trusted.
    public let changedKeys: [String]
}
