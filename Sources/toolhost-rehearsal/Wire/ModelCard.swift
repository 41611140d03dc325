import ToolJSON

/// The description of the only model, which is not a language model.
enum ModelCard {
    static let name = "rehearsal"
    static let contextLength = 32768

    static func isServed(_ model: String) -> Bool {
        model == name || model == "\(name):latest"
    }

    private static let capabilities: JSON = ["completion", "tools", "thinking"]

    private static let details: JSON = [
        "parent_model": "", "format": "rehearsal", "family": "rehearsal", "families": ["rehearsal"],
        "parameter_size": "0", "quantization_level": "none",
    ]

    private static let entry: JSONObject = [
        "name": "rehearsal:latest", "model": "rehearsal:latest", "size": 0,
        "digest": .string(String(repeating: "0", count: 64)), "details": details,
    ]

    /// The response to `/api/show`.
    static let show: JSON = [
        "license": "Apache-2.0", "details": details,
        "model_info": [
            "general.architecture": "rehearsal", "general.parameter_count": 0,
            "rehearsal.context_length": .int(contextLength),
        ],
        "capabilities": capabilities, "modified_at": "1970-01-01T00:00:00Z",
    ]

    /// The response to `/api/tags`.
    static var tags: JSON {
        var model = entry
        model["modified_at"] = "1970-01-01T00:00:00Z"
        model["capabilities"] = capabilities
        return ["models": [.object(model)]]
    }

    /// The response to `/api/ps`, in which the model is always loaded.
    static var running: JSON {
        var model = entry
        model["expires_at"] = "9999-12-31T23:59:59Z"
        model["size_vram"] = 0
        model["context_length"] = .int(contextLength)
        return ["models": [.object(model)]]
    }
}
