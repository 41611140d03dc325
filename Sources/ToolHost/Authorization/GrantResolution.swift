import ToolJSON
import ToolSandbox

/// Replaces the paths of requests and grants by real paths, once, when a plugin is loaded.
///
/// From then on no link is followed for the plugin. Otherwise a plugin that may change a directory could replace
/// something that it was granted by a link, and would be granted the target of the link at its next start.
struct GrantResolution {
    private let values: [String: String]
    private let real: RealPath
    /// The real paths that configuration keys stand for, or nil if a value cannot be granted.
    private var keyPaths: [String: String?] = [:]
    /// The reasons why permissions were dropped, in sentences.
    private(set) var rejections: [String] = []
    /// The keys of recorded permissions whose value was set or changed after the plugin was trusted, sorted.
    private(set) var changedKeys: [String] = []

    /// - Parameters:
    ///   - values: The user's values of the plugin's configuration keys.
    ///   - permissions: All permissions that the plugin requests or has, in any form.
    init(values: [String: String], _ permissions: [PluginPermissions]) {
        self.values = values
        let written = permissions.flatMap(\.write).compactMap { path in
            PluginPermissions.key(of: path).map { values[$0] } ?? path
        }
        real = RealPath(changeable: written)
    }

    /// The permissions that a manifest requests, with the user's values in place of keys.
    mutating func requested(_ permissions: PluginPermissions) -> PluginPermissions {
        map(permissions) { resolution, path in resolution.expanded(path) }
    }

    /// The requests in the form of a lock file, which has the keys and, separately, the ``keyPaths(of:)``.
    mutating func requestedWithKeys(_ permissions: PluginPermissions) -> PluginPermissions {
        map(permissions) { resolution, path in
            PluginPermissions.key(of: path) == nil ? resolution.resolved(path) : path
        }
    }

    /// The real paths that the keys of permissions stand for now, except for keys without a usable value.
    mutating func keyPaths(of permissions: PluginPermissions) -> [String: String] {
        let paths = permissions.read + permissions.write + permissions.spawn
        let keys = paths.compactMap(PluginPermissions.key)
        return Dictionary(keys.compactMap { key in path(of: key).map { (key, $0) } }) { first, _ in first }
    }

    /// The permissions that a lock file grants.
    ///
    /// The paths in it were real paths. One that leads through a link now is not granted.
    ///
    /// - Parameters:
    ///   - values: The paths that the keys stood for when the plugin was trusted. A key that stands for another path
    ///     now, or had no value then, is not granted.
    ///   - coversEveryValue: True if the keys are granted with any value.
    mutating func trusted(
        _ permissions: PluginPermissions,
        values: [String: String],
        coversEveryValue: Bool
    ) -> PluginPermissions {
        map(permissions) { resolution, path in
            if let key = PluginPermissions.key(of: path) {
                guard let path = resolution.path(of: key) else { return nil }
                if coversEveryValue || values[key]?.hasSameBytes(as: path) == true { return path }
                if !resolution.changedKeys.contains(key) {
                    resolution.changedKeys.append(key)
                    resolution.changedKeys.sort()
                }
                return nil
            }
            if (try? resolution.real.resolve(path))?.hasSameBytes(as: path) == true { return path }
            resolution.reject(
                "\(path), which was granted, is or lies behind a symbolic link now, and is not granted any more. If you "
                    + "expect that, trust the plugin again."
            )
            return nil
        }
    }

    /// The permissions that the user grants for this run.
    mutating func allowedForRun(_ permissions: PluginPermissions) -> PluginPermissions {
        map(permissions) { resolution, path in resolution.resolved(path) }
    }

    private mutating func expanded(_ path: String) -> String? {
        PluginPermissions.key(of: path).map { self.path(of: $0) } ?? resolved(path)
    }

    /// The real path that a configuration key stands for, or nil if its value is missing or cannot be granted.
    private mutating func path(of key: String) -> String? {
        if let known = keyPaths[key] { return known }
        guard let value = values[key] else { return nil }
        let path: String?
        if PluginPermissions.isUsablePath(value) {
            path = resolved(value)
        } else {
            path = nil
            reject(
                "The value of its configuration key \"\(key)\" is not an absolute path, so nothing is granted for it. Give "
                    + "the whole path in the configuration."
            )
        }
        keyPaths[key] = .some(path)
        return path
    }

    private mutating func resolved(_ path: String) -> String? {
        do throws(ToolHostError) {
            return try real.resolve(path)
        } catch {
            reject(error.message)
            return nil
        }
    }

    private mutating func reject(_ sentence: String) {
        if !rejections.contains(sentence) { rejections.append(sentence) }
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
        for loader in result.spawn where ProgramLoader.isLoader(loader) {
            reject(
                "\(loader) is the dynamic loader, which runs any program that it can read, so it cannot be granted. Grant "
                    + "the program itself."
            )
        }
        result.spawn.removeAll(where: ProgramLoader.isLoader)
        return result
    }
}
