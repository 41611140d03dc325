import CToolPlugin
public import ToolContract
public import ToolJSON

extension Tool {
    /// Creates a tool whose function may block.
    ///
    /// It runs on a thread of the host. `@Tool` calls this initializer.
    ///
    /// - Parameters:
    ///   - name: The name: a letter or underscore, then at most 63 letters, digits and underscores.
    ///   - description: The description for the model.
    ///   - parameters: The parameters, in order.
    ///   - serial: True if the calls of the tool, and of the plugin's other serial tools, run one at a time.
    ///   - annotations: The effects of a call.
    ///   - timeout: The deadline of a call, or nil for the host's default.
    ///   - examples: Calls with their expected results.
    ///   - body: The function that runs a call. The model reads the error that it throws.
    public init(
        name: String,
        description: String,
        parameters: [ToolParameter],
        serial: Bool = false,
        annotations: ToolAnnotations = [],
        timeout: Duration? = nil,
        examples: [ToolExample] = [],
        body: @escaping @Sendable (ToolArguments, ToolContext) throws -> ToolReply
    ) {
        self.init(
            schema: Self.schema(name, description, parameters, annotations, timeout, examples),
            .blocking(body),
            isSerial: serial
        )
    }

    /// Creates a tool whose function is async.
    ///
    /// It runs on the plugin's own threads. `@Tool` calls this initializer.
    ///
    /// The task is cancelled when the host cancels the call.
    ///
    /// - Parameters:
    ///   - name: The name: a letter or underscore, then at most 63 letters, digits and underscores.
    ///   - description: The description for the model.
    ///   - parameters: The parameters, in order.
    ///   - serial: True if the calls of the tool, and of the plugin's other serial tools, run one at a time.
    ///   - annotations: The effects of a call.
    ///   - timeout: The deadline of a call, or nil for the host's default.
    ///   - examples: Calls with their expected results.
    ///   - asyncBody: The function that runs a call. The model reads the error that it throws.
    public init(
        name: String,
        description: String,
        parameters: [ToolParameter],
        serial: Bool = false,
        annotations: ToolAnnotations = [],
        timeout: Duration? = nil,
        examples: [ToolExample] = [],
        asyncBody: @escaping @Sendable (ToolArguments, ToolContext) async throws -> ToolReply
    ) {
        self.init(
            schema: Self.schema(name, description, parameters, annotations, timeout, examples),
            .asynchronous(asyncBody),
            isSerial: serial
        )
    }

    /// Creates a tool from a schema that is written by hand.
    ///
    /// - Parameters:
    ///   - schema: Ollama's function object: `name`, `description`, `parameters`, and optionally `toolhost`.
    ///   - serial: True if the calls of the tool, and of the plugin's other serial tools, run one at a time.
    ///   - body: The function that runs a call, on a thread of the host. The model reads the error that it throws.
    public init(
        schema: JSON,
        serial: Bool = false,
        body: @escaping @Sendable (ToolArguments, ToolContext) throws -> ToolReply
    ) {
        self.init(schema: schema, .blocking(body), isSerial: serial)
    }

    /// Creates a tool from a schema that is written by hand, with an async function.
    ///
    /// - Parameters:
    ///   - schema: Ollama's function object: `name`, `description`, `parameters`, and optionally `toolhost`.
    ///   - serial: True if the calls of the tool, and of the plugin's other serial tools, run one at a time.
    ///   - asyncBody: The function that runs a call, on the plugin's own threads. The model reads its errors.
    public init(
        schema: JSON,
        serial: Bool = false,
        asyncBody: @escaping @Sendable (ToolArguments, ToolContext) async throws -> ToolReply
    ) {
        self.init(schema: schema, .asynchronous(asyncBody), isSerial: serial)
    }

    private init(schema: JSON, _ body: ToolBox.Body, isSerial: Bool) {
        let box = ToolBox(body, isSerial: isSerial)
        let isAsynchronous = if case .asynchronous = body { true } else { false }
        self.init(
            .constant(
                tool_v1(
                    struct_size: UInt32(MemoryLayout<tool_v1>.size),
                    flags: isSerial ? 0 : TOOL_FLAG_CONCURRENT,
                    schema: .constant(schema.bytes()),
                    execute: executeTool,
                    context: Unmanaged.passRetained(box).toOpaque(),
                    cancel: isAsynchronous ? cancelTool : nil,
                    native: nil
                )
            )
        )
    }

    private static func schema(
        _ name: String,
        _ description: String,
        _ parameters: [ToolParameter],
        _ annotations: ToolAnnotations,
        _ timeout: Duration?,
        _ examples: [ToolExample]
    ) -> JSON {
        var schema: JSONObject = [
            "name": .string(name), "description": .string(description),
            "parameters": .object(parameters.objectSchema),
        ]
        var own = JSONObject()
        if let timeout {
            let (seconds, attoseconds) = timeout.components
            own["timeout"] = .double(Double(seconds) + Double(attoseconds) * 1e-18)
        }
        if !annotations.isEmpty {
            let flags: [(String, ToolAnnotations)] = [
                ("readOnly", .readOnly), ("destructive", .destructive), ("idempotent", .idempotent),
            ]
            own["annotations"] = .object(JSONObject(flags.filter { annotations.contains($0.1) }.map { ($0.0, true) }))
        }
        if !examples.isEmpty { own["examples"] = .array(examples.map(\.json)) }
        if !own.isEmpty { schema["toolhost"] = .object(own) }
        return .object(schema)
    }
}

/// The `execute` function of every tool.
private func executeTool(_ context: UnsafeMutableRawPointer?, _ call: UnsafePointer<tool_call_v1>?) -> Int32 {
    guard let context, let call = Call(call) else { return TOOL_DONE }
    return Unmanaged<ToolBox>.fromOpaque(context).takeUnretainedValue().execute(call)
}

/// The `cancel` function of async tools.
private func cancelTool(_ context: UnsafeMutableRawPointer?, _ call: UInt64) {
    guard let context else { return }
    Unmanaged<ToolBox>.fromOpaque(context).takeUnretainedValue().cancel(call)
}
