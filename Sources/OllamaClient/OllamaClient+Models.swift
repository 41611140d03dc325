public import ToolJSON

extension OllamaClient {
    /// Returns the models that the server has, or an empty array.
    ///
    /// - Throws: ``OllamaError``, or `CancellationError` if the task is cancelled.
    public func models() async throws -> [ModelSummary] {
        (try await get("/api/tags")["models"]?.array ?? []).compactMap(ModelSummary.init)
    }

    /// Returns the models that are loaded, or an empty array.
    ///
    /// - Throws: ``OllamaError``, or `CancellationError` if the task is cancelled.
    public func running() async throws -> [RunningModel] {
        (try await get("/api/ps")["models"]?.array ?? []).compactMap(RunningModel.init)
    }

    /// Returns the details of a model.
    ///
    /// - Throws: ``OllamaError``, with the code ``OllamaError/Code/modelNotFound`` if the server does not have the
    ///   model, or `CancellationError` if the task is cancelled.
    public func show(model: String) async throws -> ModelDetails {
        ModelDetails(try await post("/api/show", ["model": .string(model)]))
    }

    /// Returns the server's version, or "unknown" if the response does not contain one.
    ///
    /// - Throws: ``OllamaError``, or `CancellationError` if the task is cancelled.
    public func version() async throws -> String {
        try await get("/api/version")["version"]?.string ?? "unknown"
    }

    /// Loads a model, and returns once it is loaded.
    ///
    /// Loading can take minutes. The first-byte timeout of ``timeouts`` limits it.
    ///
    /// - Parameters:
    ///   - model: The model's name.
    ///   - options: The options that later requests will have. With other options, the server loads the model again.
    ///   - keepAlive: The time for which the model stays loaded, or nil for the server's default.
    /// - Throws: ``OllamaError``, or `CancellationError` if the task is cancelled.
    public func preload(_ model: String, options: JSONObject = [:], keepAlive: KeepAlive? = nil) async throws {
        var request = ChatRequest(model: model, messages: [])
        request.stream = false
        request.keepAlive = keepAlive
        request.options = options
        _ = try await post("/api/chat", request.json)
    }
}
