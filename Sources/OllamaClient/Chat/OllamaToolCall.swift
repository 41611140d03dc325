public import ToolJSON

/// A tool call in a message from a model.
public struct OllamaToolCall: Sendable, Hashable {
    /// The id, or nil if the server sent none, as older servers do.
    public var id: String?
    /// The tool's name, or an empty string if the call has none.
    public var name: String
    /// The arguments as received, or nil if the call has none.
    ///
    /// They are usually an object, but some models and servers send `null` or a string.
    public var arguments: JSON?
    /// The whole call as received.
    public var raw: JSON

    /// Creates a call.
    public init(id: String? = nil, name: String, arguments: JSON = [:]) {
        self.init(["function": ["name": .string(name), "arguments": arguments]])
        self.id = id
    }

    /// Creates a call from the JSON value that a server sent.
    ///
    /// No value is rejected: a call that is not an object has an empty name.
    public init(_ json: JSON) {
        let id = json["id"]?.string
        self.id = id?.isEmpty == true ? nil : id
        name = json["function"]?["name"]?.string ?? ""
        arguments = json["function"]?["arguments"]
        raw = json
    }

    /// Returns the call for a later request: as received, with the current id and with arguments that are an object.
    ///
    /// Servers refuse other arguments.
    ///
    /// - Parameter maximumValues: The maximum number of JSON values in arguments that are a string.
    func json(maximumValues: Int) -> JSON {
        var call = raw.object ?? [:]
        if let id, call["id"]?.string != id {
            // The id comes first, as in the responses of servers.
            call["id"] = nil
            var identified: JSONObject = ["id": .string(id)]
            for (key, value) in call { identified[key] = value }
            call = identified
        }
        var function = call["function"]?.object ?? [:]
        function["name"] = .string(name)
        function["arguments"] = .object(argumentObject(maximumValues))
        call["function"] = .object(function)
        return .object(call)
    }

    /// Returns the arguments as an object: a string is parsed as JSON, and other values become an empty object.
    package func argumentObject(_ maximumValues: Int) -> JSONObject {
        switch arguments {
        case .object(let object)?: object
        case .string(let text)?: (try? JSON(parsing: text, limits: JSONLimits(values: maximumValues)))?.object ?? [:]
        default: [:]
        }
    }
}
