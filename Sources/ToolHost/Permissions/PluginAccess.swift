import ToolSandbox

/// What a plugin asks for, what it has, and by whose word.
public struct PluginAccess: Sendable, Hashable {
    /// What its manifest asks for, with the user's values in place of keys and real paths in place of links.
    public let asked: PluginPermissions

    /// What the user has granted for good, by trusting the file as it is now; `nil` where it is not trusted.
    public internal(set) var recorded: PluginPermissions?

    /// What the user has granted for this run, and all calls of this run.
    public internal(set) var allowed: PluginPermissions

    /// What the user has granted for this run at a question: later calls are asked about as if it were for good.
    public internal(set) var lent = PluginPermissions()

    /// Whether another state of the file was trusted before.
    public let wasTrusted: Bool

    /// What is left out of all these because of links on the way, in sentences.
    public let leftOut: [String]

    /// The configuration keys whose values it does not get, because it is not trusted.
    public internal(set) var withheld: [String]

    /// What is taken down once the user trusts it: ``asked`` with its keys.
    let recordable: PluginPermissions

    /// What it may touch.
    public var granted: PluginPermissions { (recorded ?? PluginPermissions()).union(allowed).union(lent) }

    /// What it may touch by the answer to a question alone.
    var lentOnly: PluginPermissions { lent.subtracting((recorded ?? PluginPermissions()).union(allowed)) }

    /// What it asks for and may not touch.
    public var lacking: PluginPermissions { asked.subtracting(granted) }

    /// Whether its user has agreed to it.
    public var isTrusted: Bool { recorded != nil }

    /// What is to be done where values are withheld.
    func withheldSentence(_ file: String) -> String {
        "What is configured for it (\(withheld.joined(separator: ", "))) is withheld from it, because it is not trusted. "
            + "Trust it: toolhost trust \(file.shellWord) — or name it for one run: --plugins \(file.shellWord)"
    }
}

extension PluginPermissions {
    /// The same for the kernel, which follows no links: these are real paths.
    var sandboxGrants: SandboxGrants {
        SandboxGrants(read: read, write: write, connect: network, spawn: spawn, memoryBytes: memory)
    }
}
