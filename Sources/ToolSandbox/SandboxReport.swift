package import ToolJSON

/// What the kernel really enforces on a process, or could enforce.
package struct SandboxReport: Sendable, Hashable {
    /// The version of the kernel's Landlock; `nil` where it has none.
    package var landlockABI: Int?
    /// Only what is granted can be read, changed or run.
    package var files = false
    /// Only granted TCP ports can be connected to, and nothing else of the network is in reach.
    package var network = false
    /// No signal reaches another process, and no abstract Unix socket can be connected to.
    package var scope = false
    /// Only system calls that tools need, with arguments that are harmless.
    package var systemCalls = false
    /// Memory, open files and the size of written files are bounded, and core dumps are off.
    package var limits = false
    /// It has no capability, and no program that it runs can give it one.
    package var capabilities = false
    /// What is not enforced though it should be, and why, in sentences for people.
    package var missing: [String] = []
    /// Grants that were left out, and why, in sentences for people.
    package var skipped: [String] = []

    package init() {}

    /// Whether all of it is enforced.
    package var isComplete: Bool {
        files && network && scope && systemCalls && limits && capabilities
    }
}

// MARK: - JSON

extension SandboxReport {
    package var json: JSON {
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
