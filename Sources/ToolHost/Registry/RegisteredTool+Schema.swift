import ToolContract
import ToolJSON
import ToolRuntime
import ToolSchema

/// Why a schema describes no tool: a sentence.
struct SchemaFault: Error {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

extension RegisteredTool {
    /// Reads the tool at a place in a plugin's registration.
    ///
    /// - Parameter isSound: True if the same bytes were read before, and described a tool without a warning.
    /// - Returns: The tool, and what is odd about its text but does no harm.
    static func reading(
        _ index: Int,
        of plugin: any PluginInstance,
        from source: Source,
        isSound: Bool = false
    ) throws(SchemaFault) -> (tool: RegisteredTool, warnings: [String]) {
        let tool = plugin.registration.tools[index]
        if let fault = tool.fault { throw SchemaFault(fault) }
        let (value, warnings): (JSON, [String])
        do {
            if isSound {
                (value, warnings) = (try JSON(parsing: tool.schema), [])
            } else {
                let document = try JSONDocument(parsing: tool.schema)
                (value, warnings) = (document.value, document.warnings)
            }
        } catch {
            throw SchemaFault("Its schema is not JSON: \(error).")
        }
        guard let schema = value.object else { throw SchemaFault("Its schema is no JSON object.") }
        let registered = try RegisteredTool(schema: schema, source: source, isSound: isSound) { annotations in
            let isRepeatable = annotations.readOnly || annotations.idempotent
            return PluginBackend(plugin: plugin, tool: index, isRepeatable: isRepeatable)
        }
        return (registered, warnings)
    }

    /// Takes a tool of the program itself.
    ///
    /// - Parameter serialLane: Where the program's tools that are not concurrent wait for one another.
    init(program tool: Tool, serialLane: CallLane, _ configuration: HostConfiguration) throws(SchemaFault) {
        let limits = RegistrationLimits(schemaBytes: configuration.limits.schemaBytes)
        let log = configuration.log
        let plugin: LoadedPlugin
        do {
            plugin = try LoadedPlugin(programTool: tool, serialLane: serialLane, limits: limits) { level, message in
                log("", Int(level), message)
            }
        } catch {
            throw SchemaFault(error.message)
        }
        self = try Self.reading(0, of: plugin, from: .program).tool
    }

    /// The key for what is the host's own in a schema.
    package static let ownKey = "toolhost"

    /// Reads a schema as its author wrote it.
    ///
    /// - Parameters:
    ///   - schema: Ollama's function object.
    ///   - source: Where the tool comes from.
    ///   - isSound: True if the same schema was read before, and described a tool.
    ///   - backend: Makes what runs it, by what it says of its effects.
    init(
        schema: JSONObject,
        source: Source,
        isSound: Bool,
        backend: (Annotations) -> PluginBackend
    ) throws(SchemaFault) {
        guard let name = schema["name"]?.string, Identifier.isToolName(name) else {
            let given = schema["name"].map { "\($0.text())" } ?? "missing"
            throw SchemaFault(
                "\"name\" is \(given.prefix(80)); it must be a letter or underscore, "
                    + "then at most 63 letters, digits and underscores."
            )
        }
        guard let description = (schema["description"] ?? "").string else {
            throw SchemaFault("\"description\" must be a text.")
        }
        if !isSound, Identifier.hasHiddenCharacters(description) {
            throw SchemaFault("\"description\" holds control, bidirectional or invisible characters.")
        }
        let parameters = schema["parameters"] ?? [:]
        guard let parameters = parameters.object else { throw SchemaFault("\"parameters\" must be an object.") }
        if !isSound, let place = JSON.object(parameters).placeOfHiddenCharacters {
            throw SchemaFault(
                "\("/parameters\(place)".prefix(200)) holds control, bidirectional or invisible characters."
            )
        }
        guard (parameters["type"] ?? "object") == "object" else {
            throw SchemaFault("\"parameters\" must be of type \"object\".")
        }
        guard (parameters["properties"] ?? [:]).object != nil else {
            throw SchemaFault("\"properties\" of \"parameters\" must be an object.")
        }
        let own = schema[Self.ownKey] ?? [:]
        guard let own = own.object else { throw SchemaFault("\"toolhost\" must be an object.") }
        guard let assertsFormats = (own["assertFormats"] ?? false).bool else {
            throw SchemaFault("\"assertFormats\" must be true or false.")
        }
        do {
            compiledParameters =
                isSound
                ? CompiledSchema(known: parameters, assertsFormats: assertsFormats)
                : try CompiledSchema(compiling: parameters, assertsFormats: assertsFormats)
        } catch {
            throw SchemaFault("Its \"parameters\" cannot be used. \(error)")
        }
        self.name = name
        self.description = description
        self.schema = schema
        self.source = source
        timeout = try Self.timeout(own["timeout"])
        annotations = try Self.annotations(own["annotations"])
        self.backend = backend(annotations)
        examples = try Self.examples(own["examples"])
    }

    private static func timeout(_ value: JSON?) throws(SchemaFault) -> Duration? {
        guard let value else { return nil }
        guard let seconds = value.number?.double, seconds > 0, seconds <= 86_400 else {
            throw SchemaFault("\"timeout\" must be a number of seconds, more than 0 and at most 86400.")
        }
        return .seconds(seconds)
    }

    private static func annotations(_ value: JSON?) throws(SchemaFault) -> Annotations {
        guard let value else { return Annotations() }
        func flag(_ key: String) throws(SchemaFault) -> Bool {
            guard let flag = (value[key] ?? false).bool else {
                throw SchemaFault("\"\(key)\" of \"annotations\" must be true or false.")
            }
            return flag
        }
        return Annotations(
            readOnly: try flag("readOnly"),
            destructive: try flag("destructive"),
            idempotent: try flag("idempotent")
        )
    }

    private static func examples(_ value: JSON?) throws(SchemaFault) -> [ToolExample] {
        guard let values = (value ?? []).array else { throw SchemaFault("\"examples\" must be an array.") }
        var examples: [ToolExample] = []
        for value in values {
            var steps: [ToolExample.Step] = []
            for step in value.array ?? [value] { steps.append(try exampleStep(step)) }
            examples.append(ToolExample(steps: steps))
        }
        return examples
    }

    private static func exampleStep(_ value: JSON) throws(SchemaFault) -> ToolExample.Step {
        guard let arguments = value["arguments"] else {
            throw SchemaFault("An example needs \"arguments\", and a \"result\" or an \"error\".")
        }
        let tool = value["tool"]
        guard tool == nil || tool?.string != nil else {
            throw SchemaFault("The \"tool\" of an example must be a name.")
        }
        guard let keep = (value["keep"] ?? [:]).object, keep.allSatisfy({ $0.value.string != nil }) else {
            throw SchemaFault("\"keep\" of an example must be an object of names and JSON pointers.")
        }
        return ToolExample.Step(
            tool: tool?.string,
            arguments: arguments,
            // A step that prepares or clears up just has to work.
            expectation: try exampleExpectation(value, isRequired: tool == nil && keep.isEmpty),
            kept: keep.map { ToolExample.Kept(name: $0.key, pointer: $0.value.string ?? "") }
        )
    }

    private static func exampleExpectation(
        _ value: JSON,
        isRequired: Bool
    ) throws(SchemaFault) -> ToolExample.Expectation {
        switch (value["result"], value["error"]) {
        case (.string(let text)?, nil): return .text(text)
        case (let result?, nil): return .json(result)
        case (nil, let error?):
            guard let status = error.string.flatMap(exampleStatus) else {
                throw SchemaFault(
                    "The \"error\" of an example must be a status, TOOL_ERROR say; it is \(error.text())."
                )
            }
            return .error(status)
        case (nil, nil) where !isRequired: return .success
        default: throw SchemaFault("An example needs either a \"result\" or an \"error\".")
        }
    }

    private static func exampleStatus(_ name: String) -> ToolStatus? {
        switch name {
        case "TOOL_ERROR": .toolError
        case "TOOL_INVALID_ARGUMENTS": .invalidArguments
        case "TOOL_CANCELLED": .cancelled
        case "TOOL_INTERNAL": .pluginFailed
        default: nil
        }
    }
}

extension JSON {
    /// The first place where a name or a text has characters that a reader cannot see, a JSON pointer.
    ///
    /// A model reads nearly all that is in a schema: names, descriptions, values to choose from, defaults and patterns.
    fileprivate var placeOfHiddenCharacters: String? {
        switch self {
        case .string(let text):
            return Identifier.hasHiddenCharacters(text) ? "" : nil
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                if let place = element.placeOfHiddenCharacters { return "/\(index)\(place)" }
            }
        case .object(let members):
            for (name, value) in members {
                let place = Identifier.hasHiddenCharacters(name) ? "" : value.placeOfHiddenCharacters
                if let place { return JSONPointer.appending(name, to: "") + place }
            }
        case .null, .bool, .number:
            break
        }
        return nil
    }
}
