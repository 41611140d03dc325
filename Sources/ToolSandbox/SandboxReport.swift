public import ToolJSON

/// What the kernel really enforces on a process, or could enforce.
public struct SandboxReport: Sendable, Hashable {
    /// The version of the kernel's Landlock; `nil` where it has none.
    public var landlockABI: Int?
    /// Only what is granted can be read, changed or run.
    public var files = false
    /// Only granted TCP ports can be connected to, and nothing else of the network is in reach.
    public var network = false
    /// No signal reaches another process, and no abstract Unix socket can be connected to.
    public var scope = false
    /// Only system calls that tools need, with arguments that are harmless.
    public var systemCalls = false
    /// Memory, open files and the size of written files are bounded, and core dumps are off.
    public var limits = false
    /// It has no capability, and no program that it runs can give it one.
    public var capabilities = false
    /// What is not enforced though it should be, and why, in sentences for people.
    public var missing: [String] = []
    /// Grants that were left out, and why, in sentences for people.
    public var skipped: [String] = []

    package init() {}

    /// Whether all of it is enforced.
    public var isComplete: Bool {
        files && network && scope && systemCalls && limits && capabilities
    }
}

// MARK: - JSON

extension SandboxReport {
    public var json: JSON {
        [
            "landlockABI": landlockABI.map { .int($0) } ?? .null,
            "files": .bool(files), "network": .bool(network), "scope": .bool(scope),
            "systemCalls": .bool(systemCalls), "limits": .bool(limits), "capabilities": .bool(capabilities),
            "missing": .array(missing.map(JSON.string)), "skipped": .array(skipped.map(JSON.string)),
        ]
    }

    /// Reads a report; what it does not say is not enforced.
    package init(_ json: JSON) {
        func holds(_ name: String) -> Bool { json[name]?.bool ?? false }
        func sentences(_ name: String) -> [String] { (json[name]?.array ?? []).compactMap(\.string) }
        landlockABI = json["landlockABI"]?.int
        files = holds("files")
        network = holds("network")
        scope = holds("scope")
        systemCalls = holds("systemCalls")
        limits = holds("limits")
        capabilities = holds("capabilities")
        missing = sentences("missing")
        skipped = sentences("skipped")
    }
}
