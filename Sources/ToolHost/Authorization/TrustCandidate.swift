import ToolRuntime

/// A plugin whose trust is decided.
struct TrustCandidate {
    let file: PluginFile
    /// The name in its manifest.
    let name: String
    /// The permissions that its manifest requests.
    let permissions: PluginPermissions
    let registration: PluginRegistration
    /// The user's values of its configuration keys.
    let values: [String: String]
    /// True if the user named its file for this run.
    let isNamed: Bool
    /// The hash of its content, if it is known.
    var hash: String?
    /// The hash of its manifest and schemas, if it is known; the ledger computes it when it needs it.
    var schemaHash: String?
}
