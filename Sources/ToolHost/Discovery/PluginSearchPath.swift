/// The places that a host searches for plugins, in this order.
///
/// ```swift
/// var path = PluginSearchPath()
/// path.add("/opt/tools")
/// ```
public struct PluginSearchPath: Sendable, Hashable {
    /// A place, and the weight of its plugins' claims to names.
    public struct Place: Sendable, Hashable {
        /// The path of a directory, whose `.so`, `.tool.json` and `.py` files are plugins, or of one such file.
        public let path: String
        /// A Boolean value that indicates whether the user named the place for this run, so that its absence is an
        /// error.
        ///
        /// A plugin that is named itself wins over plugins of the same name elsewhere. Plugins of a named directory win
        /// over all others but the trusted ones. A plugin that is not offered takes no name from another, unless its
        /// file was named or is trusted.
        public let isExplicit: Bool
        /// True for the directory of the installed samples: a plugin from elsewhere wins over a sample of the same
        /// name.
        let isInstalled: Bool
    }

    /// The places, in the order of the search.
    public private(set) var places: [Place] = []

    /// Creates an empty search path.
    public init() {}

    /// Creates a search path of the places that the user named, then those of the environment, of the user's data
    /// directory and of the installation.
    ///
    /// - Parameters:
    ///   - explicit: Directories or files that the user named for this run.
    ///   - environment: The environment: `TOOLHOST_PLUGIN_PATH` (directories separated by colons), `XDG_DATA_HOME` and
    ///     `HOME` are read.
    ///   - installed: The directory of the plugins that came with the program, if there is one.
    ///   - includesDefaults: True to search the user's data directory and `installed`.
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

    /// Adds a place at the end, unless the search path has it already.
    ///
    /// - Parameters:
    ///   - path: The path of a directory, or of one plugin. A relative path starts at the current directory.
    ///   - isExplicit: True if the user named the place for this run; see ``Place/isExplicit``.
    public mutating func add(_ path: String, isExplicit: Bool = false) {
        add(path, isExplicit: isExplicit, isInstalled: false)
    }

    private mutating func add(_ path: String, isExplicit: Bool = false, isInstalled: Bool) {
        let place = Place(path: path, isExplicit: isExplicit, isInstalled: isInstalled)
        if !places.contains(where: { $0.path == path }) { places.append(place) }
    }
}
