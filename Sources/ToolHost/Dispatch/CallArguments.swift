import ToolJSON

/// The object that is made of whatever a model sent as arguments.
struct CallArguments {
    let object: JSONObject

    /// What a person may want to know of the text that they came in: sentences.
    private(set) var warnings: [String] = []

    /// Takes arguments as they were sent.
    ///
    /// - Throws: A sentence for the model where there is no object to be had.
    init(_ arguments: JSON, limits: JSONLimits) throws(SchemaFault) {
        switch arguments {
        case .object(let object):
            self.object = object
        case .null:
            object = [:]
        case .string(let text) where text.utf8.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }):
            object = [:]
        case .string(let text):
            // Some servers and models wrap the object in a string.
            let document: JSONDocument
            do {
                document = try JSONDocument(parsing: text.utf8, limits: limits)
            } catch {
                throw SchemaFault("The arguments are a text that is not valid JSON (\(error)); expected a JSON object.")
            }
            guard let object = document.value.object else {
                throw SchemaFault("The arguments are a text; expected a JSON object.")
            }
            self.object = object
            warnings = document.warnings
        default:
            throw SchemaFault("The arguments are of type \(arguments.typeName); expected a JSON object, {} for none.")
        }
    }
}
