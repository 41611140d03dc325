/// A directory of the XDG base directory specification.
public enum BaseDirectory: Sendable {
    /// The directory of files that belong to the user.
    case data
    /// The directory of the user's settings.
    case configuration
    /// The directory of files that can be made again.
    case cache
    /// The directory of files that should outlive the program but are not precious.
    case state

    /// Returns the path of the directory, from its variable or below the home directory.
    ///
    /// - Parameter environment: The environment; a variable that is not an absolute path is ignored.
    /// - Returns: Nil if there is no home directory.
    public func path(in environment: [String: String]) -> String? {
        let (variable, fallback) =
            switch self {
            case .data: ("XDG_DATA_HOME", ".local/share")
            case .configuration: ("XDG_CONFIG_HOME", ".config")
            case .cache: ("XDG_CACHE_HOME", ".cache")
            case .state: ("XDG_STATE_HOME", ".local/state")
            }
        if let path = environment[variable], path.hasPrefix("/") { return path }
        // Users of services have /dev/null as home directory, which means none.
        guard let home = environment["HOME"], home.hasPrefix("/"), home != "/dev/null" else { return nil }
        return home + "/" + fallback
    }
}
