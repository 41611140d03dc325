package import ToolJSON

/// The confinement that a host requests for a worker process.
package struct SandboxOrder: Sendable, Hashable {
    package var mode: SandboxMode
    package var grants: SandboxGrants
    /// The real paths of the libraries that belong to the plugin.
    package var libraries: [String]
    /// The maximum number of processes of a plugin with a spawn grant, including its worker.
    package var processes: Int
    /// The program that runs the plugin's files in place of the worker program, or nil for a shared library.
    package var interpreter: SandboxInterpreter?

    package static let processBounds = 2...4096

    package init(
        mode: SandboxMode,
        grants: SandboxGrants = SandboxGrants(),
        libraries: [String] = [],
        processes: Int = 64,
        interpreter: SandboxInterpreter? = nil
    ) {
        self.mode = mode
        self.grants = grants
        self.libraries = libraries
        self.processes = processes
        self.interpreter = interpreter
    }
}

// MARK: - JSON

extension SandboxOrder {
    private static let maximumBytes = 4 << 20

    package var json: JSON {
        var object: JSONObject = [
            "mode": .string(mode.rawValue), "grants": grants.json,
            "libraries": .array(libraries.map(JSON.string)), "processes": .int(processes),
        ]
        if let interpreter { object["interpreter"] = interpreter.json }
        return .object(object)
    }

    /// Reads an order in the form of ``json``.
    package init(parsing bytes: some Collection<UInt8>) throws(SandboxError) {
        let json: JSON
        do {
            json = try JSON(parsing: bytes, limits: JSONLimits(depth: 4, bytes: Self.maximumBytes))
        } catch {
            throw SandboxError("The sandbox order is not JSON: \(error).")
        }
        guard let mode = json["mode"]?.string.flatMap(SandboxMode.init(rawValue:)), let grants = json["grants"] else {
            throw SandboxError("The sandbox order has no valid \"mode\" or no \"grants\".")
        }
        self.mode = mode
        self.grants = try SandboxGrants(grants)
        guard let processes = json["processes"]?.int, Self.processBounds.contains(processes) else {
            throw SandboxError("The sandbox order has no \"processes\" from 2 to 4096.")
        }
        self.processes = processes
        interpreter = nil
        if let json = json["interpreter"] { interpreter = try SandboxInterpreter(json) }
        libraries = []
        for path in json["libraries"]?.array ?? [] {
            libraries.append(try SandboxGrants.absolutePath(path, "libraries"))
        }
    }
}
