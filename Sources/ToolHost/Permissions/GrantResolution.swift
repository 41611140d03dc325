import ToolJSON

/// Puts real paths in the place of those that were asked for and granted, once, when a plugin is loaded.
///
/// From then on no link is followed for it: a plugin that may change a folder could otherwise put a link in the place of
/// something that it was granted, and be granted the link's target at its next start.
struct GrantResolution {
    private let values: [String: String]
    private let real: RealPath
    /// What is left out, and why, in sentences.
    private(set) var leftOut: [String] = []

    /// - Parameters:
    ///   - values: The user's values of the plugin's configuration keys.
    ///   - permissions: All that it asks for or has, in whatever form.
    init(values: [String: String], _ permissions: [PluginPermissions]) {
        self.values = values
        let written = permissions.flatMap(\.write).compactMap { path in
            PluginPermissions.key(of: path).map { values[$0] } ?? path
        }
        real = RealPath(changeable: written)
    }

    /// What a manifest asks for, with the user's values in place of keys.
    mutating func asked(_ permissions: PluginPermissions) -> PluginPermissions {
        map(permissions) { resolution, path in resolution.expanded(path) }
    }

    /// What goes into a lock file of that: keys stay, for their values are the user's to change.
    mutating func recordable(_ permissions: PluginPermissions) -> PluginPermissions {
        map(permissions) { resolution, path in
            PluginPermissions.key(of: path) == nil ? resolution.resolved(path) : path
        }
    }

    /// What a lock file grants: what it names has been real, and is not granted where it is no more.
    mutating func recorded(_ permissions: PluginPermissions) -> PluginPermissions {
        map(permissions) { resolution, path in
            guard PluginPermissions.key(of: path) == nil else { return resolution.expanded(path) }
            if (try? resolution.real.resolve(path))?.hasSameBytes(as: path) == true { return path }
            resolution.leaveOut(
                "\(path), which was granted, is or lies behind a symbolic link now, and is not granted any more. Grant it "
                    + "anew if that is as it should be: toolhost trust."
            )
            return nil
        }
    }

    /// What is granted for this run.
    mutating func allowed(_ permissions: PluginPermissions) -> PluginPermissions {
        map(permissions) { resolution, path in resolution.resolved(path) }
    }

    private mutating func expanded(_ path: String) -> String? {
        guard let key = PluginPermissions.key(of: path) else { return resolved(path) }
        return values[key].flatMap { $0.isAbsolutePath ? resolved($0) : nil }
    }

    private mutating func resolved(_ path: String) -> String? {
        do throws(ConfigurationError) {
            return try real.resolve(path)
        } catch {
            leaveOut(error.message)
            return nil
        }
    }

    private mutating func leaveOut(_ sentence: String) {
        if !leftOut.contains(sentence) { leftOut.append(sentence) }
    }

    private mutating func map(
        _ permissions: PluginPermissions,
        _ transform: (inout GrantResolution, String) -> String?
    ) -> PluginPermissions {
        if permissions.isEmpty { return permissions }
        var result = permissions
        for path in [\PluginPermissions.read, \.write, \.spawn] {
            result[keyPath: path] = permissions[keyPath: path].compactMap { transform(&self, $0) }
        }
        return result
    }
}
