public import ToolJSON

/// A call of a tool in a message of the model.
public struct OllamaToolCall: Sendable, Hashable {
    /// Its id; `nil` where there is none, as older servers send it.
    public var id: String?
    /// The tool's name, "" where there is none.
    public var name: String
    /// The arguments as they came: an object usually, though models and servers send `null`, texts and nothing too.
    public var arguments: JSON?
    /// The whole call as it came.
    public var raw: JSON

    /// A call.
    public init(id: String? = nil, name: String, arguments: JSON = [:]) {
        self.init(["function": ["name": .string(name), "arguments": arguments]])
        self.id = id
    }

    /// Reads a call as a server sent it; a call that is no object has no name.
    public init(_ json: JSON) {
        let id = json["id"]?.string
        self.id = id?.isEmpty == true ? nil : id
        name = json["function"]?["name"]?.string ?? ""
        arguments = json["function"]?["arguments"]
        raw = json
    }

    /// The call as it is sent back: as it came, with the id that it has now, and with an object for arguments, as
    /// everything else would be refused.
    ///
    /// - Parameter maximumValues: The most JSON values in arguments that are a string.
    func json(maximumValues: Int) -> JSON {
        var call = raw.object ?? [:]
        if let id, call["id"]?.string != id {
            // The id stands first, as servers write it.
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

    /// The arguments as an object: JSON text in a string is parsed, and what is no object is none.
    private func argumentObject(_ maximumValues: Int) -> JSONObject {
        switch arguments {
        case .object(let object)?: object
        case .string(let text)?: (try? JSON(parsing: text, limits: JSONLimits(values: maximumValues)))?.object ?? [:]
        default: [:]
        }
    }
}
