public import ToolJSON

/// What a model can do, as servers name it.
public struct ModelCapabilities: Sendable, Hashable {
    /// The names: `completion`, `tools`, `thinking`, `vision` and others.
    public let names: Set<String>

    /// The capabilities of those names.
    public init(_ names: some Sequence<String>) { self.names = Set(names) }

    /// Whether it can call tools.
    public var tools: Bool { names.contains("tools") }
    /// Whether it can think aloud.
    public var thinking: Bool { names.contains("thinking") }
    /// Whether it can see pictures.
    public var vision: Bool { names.contains("vision") }

    init?(_ json: JSON?) {
        // Older servers leave it out, which says nothing about the model.
        guard let names = json?.array else { return nil }
        self.init(names.compactMap(\.string))
    }
}

/// A model that a server has, from `/api/tags`.
public struct ModelSummary: Sendable, Hashable {
    /// Its full name.
    public let name: String
    /// Whether it runs elsewhere, in the cloud or on another server.
    public let isRemote: Bool
    /// Bytes on disk, if the server says.
    public let size: Int?
    /// "8.2B" and the like, if the server says.
    public let parameterSize: String?
    /// What it can do; `nil` where the server does not say.
    public let capabilities: ModelCapabilities?
    /// The most tokens that it can read at once, if the server says.
    public let contextLength: Int?

    init?(_ json: JSON) {
        guard let name = json["name"]?.string ?? json["model"]?.string, !name.isEmpty else { return nil }
        self.name = name
        isRemote = json["remote_host"]?.string?.isEmpty == false || json["remote_model"]?.string?.isEmpty == false
        size = json["size"]?.int(in: ServerRange.bytes)
        parameterSize = json[pointer: "/details/parameter_size"]?.string
        capabilities = ModelCapabilities(json["capabilities"])
        contextLength = json[pointer: "/details/context_length"]?.int(in: ServerRange.contextLength)
    }
}

/// A model that is loaded, from `/api/ps`.
public struct RunningModel: Sendable, Hashable {
    /// Its full name.
    public let name: String
    /// The tokens that it was given room for.
    public let contextLength: Int?

    init?(_ json: JSON) {
        guard let name = json["name"]?.string ?? json["model"]?.string, !name.isEmpty else { return nil }
        self.name = name
        contextLength = json["context_length"]?.int(in: ServerRange.contextLength)
    }

    /// Whether a user's name means this model: `qwen3` means `qwen3:latest`.
    public func isNamed(_ model: String) -> Bool {
        name == model || name == model + ":latest"
    }
}

/// What a server knows of a model, from `/api/show`.
public struct ModelDetails: Sendable, Hashable {
    /// What it can do; `nil` where the server does not say.
    public let capabilities: ModelCapabilities?
    /// The most tokens that it can read at once.
    public let contextLength: Int?
    /// Whether it runs elsewhere.
    public let isRemote: Bool
    /// The answer as it came.
    public let raw: JSON

    init(_ json: JSON) {
        capabilities = ModelCapabilities(json["capabilities"])
        let information = json["model_info"]?.object ?? [:]
        let architecture = information["general.architecture"]?.string ?? ""
        let length =
            information["\(architecture).context_length"]
            ?? information.first { $0.key.hasSuffix(".context_length") }?.value
        contextLength = length?.int(in: ServerRange.contextLength)
        isRemote = json["remote_host"]?.string?.isEmpty == false || json["remote_model"]?.string?.isEmpty == false
        raw = json
    }
}

extension OllamaClient {
    /// The models that the server has.
    public func models() async throws -> [ModelSummary] {
        (try await get("/api/tags")["models"]?.array ?? []).compactMap(ModelSummary.init)
    }

    /// The models that are loaded.
    public func running() async throws -> [RunningModel] {
        (try await get("/api/ps")["models"]?.array ?? []).compactMap(RunningModel.init)
    }

    /// What the server knows of a model.
    public func show(model: String) async throws -> ModelDetails {
        ModelDetails(try await post("/api/show", ["model": .string(model)]))
    }

    /// The server's version.
    public func version() async throws -> String {
        try await get("/api/version")["version"]?.string ?? "unknown"
    }

    /// Loads a model, and returns once it is loaded.
    ///
    /// - Parameters:
    ///   - options: The options that later requests will have; with others the server would load it again.
    ///   - keepAlive: How long it stays loaded, or `nil` for the server's default.
    public func preload(_ model: String, options: JSONObject = [:], keepAlive: KeepAlive? = nil) async throws {
        var request = ChatRequest(model: model, messages: [])
        request.stream = false
        request.keepAlive = keepAlive
        request.options = options
        _ = try await post("/api/chat", request.json)
    }
}
