import ToolJSON

/// Makes an object of whatever a model sent as arguments.
enum CallArguments {
    /// The object, or a sentence for the model where there is none to be had.
    static func normalised(_ arguments: JSON, limit: Int) -> Result<JSONObject, SchemaFault> {
        switch arguments {
        case .object(let object):
            return .success(object)
        case .null:
            return .success([:])
        case .string(let text) where text.utf8.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }):
            return .success([:])
        case .string(let text):
            // Some servers and models wrap the object in a string.
            do {
                let limits = JSONLimits(bytes: limit)
                if let object = try JSON(parsing: text, limits: limits).object { return .success(object) }
                return .failure(SchemaFault("The arguments are a text; expected a JSON object."))
            } catch {
                return .failure(
                    SchemaFault("The arguments are a text that is not valid JSON (\(error)); expected a JSON object.")
                )
            }
        default:
            return .failure(
                SchemaFault("The arguments are of type \(arguments.typeName); expected a JSON object, {} for none.")
            )
        }
    }
}
