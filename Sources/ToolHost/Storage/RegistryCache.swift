import ToolJSON
import ToolRuntime
import ToolSandbox

/// What came of plugins when they were last loaded, so that listing their tools runs none of their code: what they
/// registered, or how they failed.
///
/// It can be lost at any time: whatever is wrong with it, the plugins are asked again.
struct RegistryCache: Sendable {
    fileprivate struct Entry {
        let stamp: [UInt64]
        let outcome: Outcome
    }

    fileprivate enum Outcome {
        case registered(PluginRegistration)
        /// The plugin's own failure, and under which conditions.
        case failed(PluginError.Code, String, Conditions)
    }

    /// What a plugin had when it was tried.
    struct Conditions: Sendable, Hashable {
        let milliseconds: Int
        let sandbox: String

        init(_ time: Duration, _ sandbox: SandboxMode) {
            milliseconds = Int(min(time / .milliseconds(1), 1e12).rounded(.up))
            self.sandbox = sandbox.rawValue
        }

        fileprivate init(milliseconds: Int, sandbox: String) {
            (self.milliseconds, self.sandbox) = (milliseconds, sandbox)
        }
    }

    /// The failures that come out the same every time, as far as one can tell; others may depend on what else is there, on
    /// the configuration or on this program's version.
    private static let lasting: Set<PluginError.Code> = [.crashed, .refused, .notPlugin]

    private let path: String?
    /// By the paths of the files.
    private var entries: [ExactKey: Entry] = [:]
    private var isChanged = false

    private static let version = "4/" + workerProtocolVersion
    private static let maximumBytes = 64 << 20
    private static let maximumEntries = 2000
    /// In bytes: what is larger costs more to keep than to ask for.
    private static let maximumEntry = 1 << 20
    /// What the file has besides its entries.
    private static let envelope = 200

    /// Reads the cache in a folder; without a folder there is none.
    init(folder: String?) {
        path = folder.map { $0 + "/registry.json" }
        guard let path, let bytes = try? PrivateFile.read(path, limit: Self.maximumBytes),
            let document = try? JSON(parsing: bytes, limits: JSONLimits(bytes: Self.maximumBytes)),
            document["version"]?.string == Self.version, let plugins = document["plugins"]?.object
        else { return }
        for (path, value) in plugins { entries[ExactKey(path)] = Entry(value) }
    }

    /// What the file registered, if it is still the same file.
    func registration(of file: PluginFile) -> PluginRegistration? {
        guard let entry = entries[ExactKey(file.path)], entry.stamp == file.stamp,
            case .registered(let known) = entry.outcome
        else { return nil }
        return known
    }

    /// How the file failed, if it is still the same file, in the same sandbox, and has no more time now than it had then.
    func failure(of file: PluginFile, _ conditions: Conditions) -> PluginError? {
        guard let entry = entries[ExactKey(file.path)], entry.stamp == file.stamp,
            case .failed(let code, let message, let then) = entry.outcome, conditions.sandbox == then.sandbox,
            conditions.milliseconds <= then.milliseconds
        else { return nil }
        return PluginError(
            code,
            file: file.path,
            "Is the file that failed when it was last tried, so it was not tried again (toolhost doctor --release has it "
                + "tried). \(message)"
        )
    }

    /// Takes down what a file registered, unless it is no text: it would come back as another.
    mutating func keep(_ registration: PluginRegistration, of file: PluginFile) {
        let texts = [registration.manifest] + registration.tools.map(\.schema)
        guard texts.allSatisfy({ String(validating: $0, as: UTF8.self) != nil }) else { return }
        entries[ExactKey(file.path)] = Entry(stamp: file.stamp, outcome: .registered(registration))
        isChanged = true
    }

    /// Takes down how a file failed, where that is worth it.
    mutating func keep(_ failure: PluginError, _ conditions: Conditions, of file: PluginFile) {
        guard Self.lasting.contains(failure.code) else { return }
        let outcome = Outcome.failed(failure.code, failure.message, conditions)
        entries[ExactKey(file.path)] = Entry(stamp: file.stamp, outcome: outcome)
        isChanged = true
    }

    /// Has all files that failed be tried again.
    mutating func forgetFailures() {
        for (path, entry) in entries {
            guard case .failed = entry.outcome else { continue }
            entries[path] = nil
            isChanged = true
        }
    }

    /// Writes what is new.
    ///
    /// What another process wrote meanwhile may be lost, which costs that plugin one more start.
    func save() throws(StorageFault) {
        guard let path, isChanged else { return }
        var kept = entries
        if kept.count > Self.maximumEntries {
            for file in kept.keys where !ConfigurationFile.exists(file.text) { kept[file] = nil }
        }
        let sorted = kept.map { ($0.key.text, $0.value.json) }.sorted { $0.0 < $1.0 }
        var (plugins, left) = (JSONObject(), Self.maximumBytes - Self.envelope)
        for (file, entry) in sorted.prefix(Self.maximumEntries) {
            // Four bytes: what stands around a name and a value.
            let size = JSON.string(file).bytes().count + entry.bytes().count + 4
            guard size <= Self.maximumEntry, size <= left else { continue }
            left -= size
            plugins[file] = entry
        }
        let document: JSON = ["version": .string(Self.version), "plugins": .object(plugins)]
        try PrivateFile.write(document.bytes(), to: path)
    }
}

extension HostConfiguration {
    /// Lets all plugins be tried again that are in quarantine, or that failed when they were last loaded.
    ///
    /// - Throws: ``ConfigurationError`` where that cannot be written down.
    public func releasePlugins() throws(ConfigurationError) {
        if let stateFolder { try Quarantine(folder: stateFolder).clear() }
        var cache = RegistryCache(folder: cacheFolder)
        cache.forgetFailures()
        do throws(StorageFault) {
            try cache.save()
        } catch {
            throw ConfigurationError(message: "The registry cache in \(cacheFolder ?? "") \(error.sentence)")
        }
    }
}

extension RegistryCache.Entry {
    fileprivate init?(_ json: JSON) {
        guard let stamp = json["stamp"]?.array?.map(\.string) else { return nil }
        self.stamp = stamp.compactMap { $0.flatMap { UInt64($0) } }
        if let failure = json["failure"] {
            guard let code = failure["code"]?.string.flatMap(PluginError.Code.init(rawValue:)),
                let message = failure["message"]?.string, let milliseconds = failure["milliseconds"]?.int,
                let sandbox = failure["sandbox"]?.string
            else { return nil }
            outcome = .failed(code, message, RegistryCache.Conditions(milliseconds: milliseconds, sandbox: sandbox))
            return
        }
        guard let manifest = json["manifest"]?.string, let tools = json["tools"]?.array else { return nil }
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
        outcome = .registered(registration)
    }

    fileprivate var json: JSON {
        // As texts: a JSON number need not carry 64 bits.
        var members: JSONObject = ["stamp": .array(stamp.map { .string(String($0)) })]
        switch outcome {
        case .failed(let code, let message, let conditions):
            members["failure"] = [
                "code": .string(code.rawValue), "message": .string(message),
                "milliseconds": .int(conditions.milliseconds), "sandbox": .string(conditions.sandbox),
            ]
        case .registered(let registration):
            members["manifest"] = .string(String(decoding: registration.manifest, as: UTF8.self))
            members["tools"] = .array(
                registration.tools.map { tool in
                    [
                        "schema": .string(String(decoding: tool.schema, as: UTF8.self)),
                        "fault": tool.fault.map(JSON.string) ?? .null,
                        "concurrent": .bool(tool.isConcurrent),
                    ]
                }
            )
        }
        return .object(members)
    }
}
