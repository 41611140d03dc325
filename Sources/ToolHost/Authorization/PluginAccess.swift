/// The permissions that a plugin requests and has, by the way in which they were granted.
public struct PluginAccess: Sendable, Hashable {
    /// The permissions that its manifest requests, with configured values in place of keys and real paths in place of
    /// links.
    public let requested: PluginPermissions

    /// The requests that have no path yet: `${KEY}`, for a configuration key without a usable value.
    ///
    /// They become part of ``requested`` once the key has a value, even if the plugin is trusted by then.
    public let unresolved: PluginPermissions

    /// The permissions that the user granted permanently, by trusting the current file; nil if it is not trusted.
    public internal(set) var trusted: PluginPermissions?

    /// The configuration keys whose value was set or changed after the plugin was trusted.
    ///
    /// The paths that they stand for are not granted until the plugin is trusted again.
    public internal(set) var changedKeys: [String]

    /// The hash in the record that trusts the plugin; nil if it is not trusted.
    let trustedHash: String?

    /// The date of that record, in seconds of the Unix epoch.
    let trustDate: Int?

    /// The permissions that the user granted for all calls of this run.
    public internal(set) var allowedForRun: PluginPermissions

    /// The permissions that the user granted by a reply to a prompt.
    ///
    /// They last until the program exits, and later calls ask again.
    public internal(set) var allowedOnce = PluginPermissions()

    /// A Boolean value that indicates whether an earlier content of the file was trusted, and the current one is not.
    public let wasTrusted: Bool

    /// The reasons why some permissions were not granted, such as symbolic links in their paths, in sentences.
    public let rejections: [String]

    /// The configuration keys whose values the plugin does not receive, because it is not trusted.
    public internal(set) var withheldKeys: [String]

    /// The permissions to record when the user trusts the plugin: ``requested`` with its keys.
    let requestedWithKeys: PluginPermissions

    /// The real paths that the keys of ``requestedWithKeys`` stand for.
    let keyPaths: [String: String]

    /// One phrase for each requested permission, with the configuration key of a path that comes from one.
    public var requestPhrases: [String] { requestedWithKeys.phrases(values: keyPaths) }

    /// The permissions that the plugin has.
    public var granted: PluginPermissions { lasting.union(allowedOnce) }

    /// The permissions that the plugin requests and does not have.
    public var missing: PluginPermissions { requested.subtracting(granted) }

    /// A Boolean value that indicates whether the user trusts the current file.
    public var isTrusted: Bool { trusted != nil }

    /// The permissions that the plugin has by a reply to a prompt alone.
    var onlyAllowedOnce: PluginPermissions { allowedOnce.subtracting(lasting) }

    /// The permissions that later calls do not ask about again.
    private var lasting: PluginPermissions { (trusted ?? PluginPermissions()).union(allowedForRun) }

    /// The sentence about values of configuration keys that the plugin does not receive.
    var withheldSentence: String {
        "Its configured values (\(withheldKeys.joined(separator: ", "))) are withheld from it, because it is not trusted."
    }
}
