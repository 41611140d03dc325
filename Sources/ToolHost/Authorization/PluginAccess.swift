import ToolSandbox

/// The permissions that a plugin asks for and has, and who granted them.
public struct PluginAccess: Sendable, Hashable {
    /// The permissions that its manifest asks for, with the user's values in place of keys and real paths in place of links.
    public let asked: PluginPermissions

    /// The permissions of ``asked`` that have no path yet: `${KEY}`, for a configuration key without a usable value.
    ///
    /// They are asked for once the key has a value, even if the plugin is trusted by then.
    public let unresolved: PluginPermissions

    /// The permissions that the user has granted for good, by trusting the file as it is now; `nil` if it is not trusted.
    public internal(set) var recorded: PluginPermissions?

    /// The configuration keys whose value was set or changed after the plugin was trusted: the paths that they stand for
    /// are not granted until it is trusted again.
    public internal(set) var changedKeys: [String]

    /// The hash in the record that the plugin is trusted by; `nil` if it is not trusted.
    let recordedHash: String?

    /// The date of that record, in seconds of the Unix epoch.
    let recordedDate: Int?

    /// What the user has granted for this run, and all calls of this run.
    public internal(set) var allowed: PluginPermissions

    /// What the user has granted for this run at a question: later calls are asked about as if it were for good.
    public internal(set) var lent = PluginPermissions()

    /// True if another state of the file was trusted, and this one is not.
    public let wasTrusted: Bool

    /// What is left out of all these because of links on the way, in sentences.
    public let leftOut: [String]

    /// The configuration keys whose values it does not get, because it is not trusted.
    public internal(set) var withheld: [String]

    /// The permissions to record when the user trusts it: ``asked`` with its keys.
    let recordable: PluginPermissions

    /// The real paths that the keys of ``recordable`` stand for.
    let keyPaths: [String: String]

    /// One phrase for each permission that it asks for, with the configuration key of a path that comes from one.
    public var requests: [String] { recordable.phrases(values: keyPaths) }

    /// What it may touch.
    public var granted: PluginPermissions { (recorded ?? PluginPermissions()).union(allowed).union(lent) }

    /// What it may touch by the answer to a question alone.
    var lentOnly: PluginPermissions { lent.subtracting((recorded ?? PluginPermissions()).union(allowed)) }

    /// What it asks for and may not touch.
    public var lacking: PluginPermissions { asked.subtracting(granted) }

    /// Whether its user has agreed to it.
    public var isTrusted: Bool { recorded != nil }

    /// The sentence about values of configuration keys that it does not receive.
    var withheldSentence: String {
        "What is configured for it (\(withheld.joined(separator: ", "))) is withheld from it, because it is not trusted."
    }
}

extension PluginPermissions {
    /// The same for the kernel, which follows no links: these are real paths.
    var sandboxGrants: SandboxGrants {
        SandboxGrants(read: read, write: write, connect: network, spawn: spawn, memoryBytes: memory)
    }
}
