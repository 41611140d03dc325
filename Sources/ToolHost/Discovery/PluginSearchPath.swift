/// The places in which plugins are looked for, in this order.
public struct PluginSearchPath: Sendable, Hashable {
    /// A place, and the weight of its plugins' claims to names.
    public struct Place: Sendable, Hashable {
        /// A directory, whose `.so` and `.tool.json` files are plugins, or one such file.
        public let path: String
        /// True if the user named it for this run, so that it is a fault if it is missing.
        ///
        /// A plugin that is named itself wins over those of the same name elsewhere; those of a directory win over all but
        /// the trusted ones. A plugin that is not offered takes no name from another, unless its file was named or is
        /// trusted.
        public let isExplicit: Bool
        /// True for the directory of the installed samples: a plugin from elsewhere wins over a sample of the same name.
        let isInstalled: Bool
    }

    /// The places, first come first.
    public private(set) var places: [Place] = []

    /// An empty search path.
    public init() {}

    /// The places named by the user, then those of the environment, the user's data directory and the installation.
    ///
    /// - Parameters:
    ///   - explicit: Directories or files named for this run (`--plugins`).
    ///   - environment: `TOOLHOST_PLUGIN_PATH` (directories separated by colons), `XDG_DATA_HOME` and `HOME` are read.
    ///   - installed: The directory of the plugins that came with the program, if there is one.
    ///   - includesDefaults: Whether the user's data directory and `installed` are searched.
    public init(
        explicit: [String],
        environment: [String: String],
        installed: String?,
        includesDefaults: Bool = true
    ) {
        for path in explicit { add(path, isExplicit: true) }
        for path in environment["TOOLHOST_PLUGIN_PATH"]?.split(separator: ":") ?? [] { add(String(path)) }
        guard includesDefaults else { return }
        if let data = BaseDirectory.data.path(in: environment) { add(data + "/toolhost/plugins") }
        if let installed { add(installed, isInstalled: true) }
    }

    /// Adds a place at the end.
    public mutating func add(_ path: String, isExplicit: Bool = false) {
        add(path, isExplicit: isExplicit, isInstalled: false)
    }

    private mutating func add(_ path: String, isExplicit: Bool = false, isInstalled: Bool) {
        let place = Place(path: path, isExplicit: isExplicit, isInstalled: isInstalled)
        if !places.contains(where: { $0.path == path }) { places.append(place) }
    }
}

/// The directories of the XDG base directory specification.
public enum BaseDirectory: Sendable {
    /// Files that belong to the user.
    case data
    /// The user's settings.
    case configuration
    /// What can be made again.
    case cache
    /// What should outlive the program, without being precious.
    case state

    /// The directory, from its own variable (absolute paths alone count) or below the home directory.
    public func path(in environment: [String: String]) -> String? {
        let (variable, fallback) =
            switch self {
            case .data: ("XDG_DATA_HOME", ".local/share")
            case .configuration: ("XDG_CONFIG_HOME", ".config")
            case .cache: ("XDG_CACHE_HOME", ".cache")
            case .state: ("XDG_STATE_HOME", ".local/state")
            }
        if let path = environment[variable], path.hasPrefix("/") { return path }
        // Users of services have /dev/null for a home directory, which means none.
        guard let home = environment["HOME"], home.hasPrefix("/"), home != "/dev/null" else { return nil }
        return home + "/" + fallback
    }
}
