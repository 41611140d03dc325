import ToolJSON

/// The arguments of a call as an object, in whatever form the model sent them.
struct CallArguments {
    let object: JSONObject

    /// Diagnostics about the JSON text of the arguments, for the user: sentences.
    private(set) var warnings: [String] = []

    /// Creates the object from the arguments as they were sent.
    ///
    /// - Throws: ``ToolDefinitionError`` with a sentence for the model if they hold no object.
    init(_ arguments: JSON, limits: JSONLimits) throws(ToolDefinitionError) {
        switch arguments {
        case .object(let object):
            self.object = object
        case .null:
            object = [:]
        case .string(let text) where text.utf8.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }):
            object = [:]
        case .string(let text):
            // Some servers and models wrap the object in a string, and some do it twice.
            var document = try Self.parse(text, limits)
            if let inner = document.value.string { document = try Self.parse(inner, limits) }
            guard let object = Self.object(in: document.value) else {
                throw ToolDefinitionError("The arguments are a string; expected a JSON object.")
            }
            self.object = object
            warnings = document.warnings
        default:
            guard let object = Self.object(in: arguments) else {
                let type = arguments.typeName
                throw ToolDefinitionError("The arguments are of type \(type); expected a JSON object, {} for none.")
            }
            self.object = object
            warnings = ["The arguments came in an array with one object."]
        }
    }

    private static func parse(_ text: String, _ limits: JSONLimits) throws(ToolDefinitionError) -> JSONDocument {
        do {
            // A lone surrogate is replaced in a string of JSON text as in the server's response around it.
            return try JSONDocument(parsing: text.utf8, limits: limits, replacesLoneSurrogates: true)
        } catch {
            throw ToolDefinitionError(
                "The arguments are a string that is not valid JSON (\(error)); expected a JSON object."
            )
        }
    }

    /// Returns the object that a value is, or the only element of an array; null is an empty object.
    private static func object(in value: JSON) -> JSONObject? {
        if let elements = value.array { return elements.count == 1 ? elements[0].object : nil }
        return value == .null ? [:] : value.object
    }
}
