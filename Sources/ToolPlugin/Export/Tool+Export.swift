import CToolPlugin
public import ToolContract
public import ToolJSON

extension Tool {
    /// A tool whose function blocks, on a thread of the host's; `@Tool` makes it.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - description: What it does.
    ///   - parameters: Its arguments, in order.
    ///   - serial: Whether its calls, and those of the plugin's other serial tools, wait for one another.
    ///   - annotations: The effects it has.
    ///   - timeout: A deadline of its own.
    ///   - examples: Calls with their expected ends.
    ///   - body: Runs a call. A ``ToolError`` that it throws is an answer for the model, as any other error is.
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

    /// A tool whose function is async, on threads of the plugin's own; `@Tool` makes it.
    ///
    /// The task is cancelled when the host asks the call to stop.
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

    /// A tool whose schema is written by hand.
    ///
    /// - Parameters:
    ///   - schema: Ollama's function object: `name`, `description`, `parameters`, and perhaps the key `toolhost`.
    ///   - serial: Whether its calls, and those of the plugin's other serial tools, wait for one another.
    ///   - body: Runs a call, on a thread of the host's.
    public init(
        schema: JSON,
        serial: Bool = false,
        body: @escaping @Sendable (ToolArguments, ToolContext) throws -> ToolReply
    ) {
        self.init(schema: schema, .blocking(body), isSerial: serial)
    }

    /// A tool whose schema is written by hand, and whose function is async.
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

/// What the host calls to run a call.
private func executeTool(_ context: UnsafeMutableRawPointer?, _ call: UnsafePointer<tool_call_v1>?) -> Int32 {
    guard let context, let call = Call(call) else { return TOOL_DONE }
    return Unmanaged<ToolBox>.fromOpaque(context).takeUnretainedValue().execute(call)
}

/// What the host calls to have a call stopped.
private func cancelTool(_ context: UnsafeMutableRawPointer?, _ call: UInt64) {
    guard let context else { return }
    Unmanaged<ToolBox>.fromOpaque(context).takeUnretainedValue().cancel(call)
}
