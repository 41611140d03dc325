import ToolJSON
import ToolRuntime

/// What plugins registered when they were last loaded, so that listing their tools runs none of their code.
///
/// It can be lost at any time: whatever is wrong with it, the plugins are asked again.
struct RegistryCache: Sendable {
    fileprivate struct Entry {
        let stamp: [UInt64]
        let registration: PluginRegistration
    }

    private let path: String?
    private var entries: [String: Entry] = [:]
    private var isChanged = false

    private static let version = "2/" + workerProtocolVersion
    private static let maximumBytes = 64 << 20
    private static let maximumEntries = 2000

    /// Reads the cache in a folder; without a folder there is none.
    init(folder: String?) {
        path = folder.map { $0 + "/registry.json" }
        guard let path, let bytes = try? PrivateFile.read(path, limit: Self.maximumBytes),
            let document = try? JSON(parsing: bytes, limits: JSONLimits(bytes: Self.maximumBytes)),
            document["version"]?.string == Self.version, let plugins = document["plugins"]?.object
        else { return }
        for (path, value) in plugins { entries[path] = Entry(value) }
    }

    /// What the file registered, if it is still the same file.
    func registration(of file: PluginFile) -> PluginRegistration? {
        guard let entry = entries[file.path], entry.stamp == file.stamp else { return nil }
        return entry.registration
    }

    /// Takes down what a file registered.
    mutating func keep(_ registration: PluginRegistration, of file: PluginFile) {
        entries[file.path] = Entry(stamp: file.stamp, registration: registration)
        isChanged = true
    }

    /// Writes what is new.
    ///
    /// What another process wrote meanwhile may be lost, which costs that plugin one more start.
    func save() {
        guard let path, isChanged else { return }
        var kept = entries
        if kept.count > Self.maximumEntries {
            for file in kept.keys where !ConfigurationFile.exists(file) { kept[file] = nil }
        }
        var plugins = JSONObject()
        for (file, entry) in kept.sorted(by: { $0.key < $1.key }).prefix(Self.maximumEntries) {
            plugins[file] = entry.json
        }
        let document: JSON = ["version": .string(Self.version), "plugins": .object(plugins)]
        try? PrivateFile.write(document.bytes(), to: path)
    }
}

extension RegistryCache.Entry {
    fileprivate init?(_ json: JSON) {
        guard let stamp = json["stamp"]?.array?.map(\.string), let manifest = json["manifest"]?.string,
            let tools = json["tools"]?.array
        else { return nil }
        self.stamp = stamp.compactMap { $0.flatMap { UInt64($0) } }
        var registration = PluginRegistration(manifest: Array(manifest.utf8), tools: [])
        for tool in tools {
            guard let schema = tool["schema"]?.string, let isConcurrent = tool["concurrent"]?.bool else { return nil }
            registration.tools.append(
                PluginRegistration.Tool(
                    schema: Array(schema.utf8),
                    fault: tool["fault"]?.string,
                    isConcurrent: isConcurrent
                )
            )
        }
        self.registration = registration
    }

    fileprivate var json: JSON {
        [
            // As texts: a JSON number need not carry 64 bits.
            "stamp": .array(stamp.map { .string(String($0)) }),
            "manifest": .string(String(decoding: registration.manifest, as: UTF8.self)),
            "tools": .array(
                registration.tools.map { tool in
                    [
                        "schema": .string(String(decoding: tool.schema, as: UTF8.self)),
                        "fault": tool.fault.map(JSON.string) ?? .null,
                        "concurrent": .bool(tool.isConcurrent),
                    ]
                }
            ),
        ]
    }
}
