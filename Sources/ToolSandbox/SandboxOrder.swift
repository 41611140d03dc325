package import ToolJSON

/// How a host wants a worker confined.
package struct SandboxOrder: Sendable, Hashable {
    package var mode: SandboxMode
    package var grants: SandboxGrants
    /// Real paths of the libraries that the plugin brings along.
    package var libraries: [String]

    package init(mode: SandboxMode, grants: SandboxGrants = SandboxGrants(), libraries: [String] = []) {
        self.mode = mode
        self.grants = grants
        self.libraries = libraries
    }
}

// MARK: - JSON

extension SandboxOrder {
    private static let maximumBytes = 4 << 20

    package var json: JSON {
        [
            "mode": .string(mode.rawValue), "grants": grants.json,
            "libraries": .array(libraries.map(JSON.string)),
        ]
    }

    /// Reads an order as ``json`` writes it.
    package init(parsing bytes: some Collection<UInt8>) throws(SandboxError) {
        let json: JSON
        do {
            json = try JSON(parsing: bytes, limits: JSONLimits(depth: 4, bytes: Self.maximumBytes))
        } catch {
            throw SandboxError("The sandbox's order is not JSON: \(error).")
        }
        guard let mode = json["mode"]?.string.flatMap(SandboxMode.init(rawValue:)), let grants = json["grants"] else {
            throw SandboxError("The sandbox's order has no \"mode\" or no \"grants\".")
        }
        self.mode = mode
        self.grants = try SandboxGrants(grants)
        libraries = []
        for path in json["libraries"]?.array ?? [] {
            libraries.append(try SandboxGrants.absolutePath(path, "libraries"))
        }
    }
}
