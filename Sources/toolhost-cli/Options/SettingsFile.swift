import ToolHost

/// A file of the user or of the installation that decides which plugins and calls may run.
enum SettingsFile: String, CaseIterable {
    case configuration
    case policy
    case lock = "lock_file"
    case installedLock = "installed_lock_file"

    /// Handles an error of a settings file.
    ///
    /// If it returns, the command continues without the file.
    typealias FaultHandler = (SettingsFile, ToolHostError) throws(CommandError) -> Void

    /// Ends the command with the error.
    static func refuse(_: SettingsFile, _ error: ToolHostError) throws(CommandError) {
        throw CommandError(.usage, error)
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
