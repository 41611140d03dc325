public import ToolJSON

/// The restrictions that the kernel enforces on a process, or could enforce.
public struct SandboxReport: Sendable, Hashable {
    /// The version of the kernel's Landlock; nil if it has none.
    public var landlockABI: Int?
    /// A Boolean value that indicates whether only granted files can be read, changed or run.
    public var files = false
    /// A Boolean value that indicates whether no network is reachable except the granted TCP ports.
    public var network = false
    /// A Boolean value that indicates whether no signal reaches another process, and no abstract Unix socket can be
    /// connected to.
    public var scope = false
    /// A Boolean value that indicates whether only system calls that tools need are allowed, with harmless arguments.
    public var systemCalls = false
    /// A Boolean value that indicates whether memory, open files and the size of written files are bounded, and core
    /// dumps are off.
    public var limits = false
    /// A Boolean value that indicates whether the process has no capability, and cannot get one from a program.
    public var capabilities = false
    /// The restrictions that should be enforced and are not, each with the reason, in sentences.
    public var missing: [String] = []
    /// The grants that were ignored, each with the reason, in sentences.
    public var skipped: [String] = []

    package init() {}

    /// A Boolean value that indicates whether all restrictions are enforced.
    public var isComplete: Bool {
        files && network && scope && systemCalls && limits && capabilities
    }
}

// MARK: - JSON

extension SandboxReport {
    /// The report as a JSON object for programs, with one member for each property.
    public var json: JSON {
        [
            "landlock_abi": landlockABI.map { .int($0) } ?? .null,
            "files": .bool(files), "network": .bool(network), "scope": .bool(scope),
            "system_calls": .bool(systemCalls), "limits": .bool(limits), "capabilities": .bool(capabilities),
            "missing": .array(missing.map(JSON.string)), "skipped": .array(skipped.map(JSON.string)),
        ]
    }

    /// Reads a report; a restriction that it does not mention is not enforced.
    package init(_ json: JSON) {
        func holds(_ name: String) -> Bool { json[name]?.bool ?? false }
        func sentences(_ name: String) -> [String] { (json[name]?.array ?? []).compactMap(\.string) }
        landlockABI = json["landlock_abi"]?.int
        files = holds("files")
        network = holds("network")
        scope = holds("scope")
        systemCalls = holds("system_calls")
        limits = holds("limits")
        capabilities = holds("capabilities")
        missing = sentences("missing")
        skipped = sentences("skipped")
    }
}
