import ToolHost

/// A file of the user's, or of the installation, that decides which plugins and calls may run.
enum SettingsFile: String, CaseIterable {
    case configuration
    case policy
    case lock = "lock_file"
    case installedLock = "installed_lock_file"

    /// Handles a settings file that cannot be used, and returns to go on without it.
    typealias FaultHandler = (SettingsFile, ToolHostError) throws(CommandError) -> Void

    /// The handler that ends the command with the error.
    static func refuse(_: SettingsFile, _ error: ToolHostError) throws(CommandError) {
        throw CommandError(.usage, escaping: error.message)
    }

    /// The name in messages.
    var title: TerminalLine {
        switch self {
        case .configuration: "configuration"
        case .policy: "policy"
        case .lock: "lock file"
        case .installedLock: "lock file of the installation"
        }
    }
}
