import ToolJSON

extension NativeFunction {
    /// Returns a tool's schema with the parameters of the function, unless the schema describes them.
    ///
    /// - Throws: ``NativeSignatureError`` if the described parameters differ from those of the function.
    func completed(_ schema: [UInt8]) throws(NativeSignatureError) -> [UInt8] {
        // An invalid schema is reported when the tool is registered.
        guard let document = try? JSON(parsing: schema), var members = document.object else { return schema }
        guard let described = members["parameters"] else {
            members["parameters"] = self.schema
            return JSON.object(members).bytes()
        }
        let names = Set(parameters.map(\.name))
        let properties = Set(described["properties"]?.object?.keys ?? [])
        let required = Set((described["required"]?.array ?? []).compactMap(\.string))
        guard properties == names, required == names else {
            throw NativeSignatureError(
                "Its schema and its signature differ: exactly \(names.sorted().joined(separator: ", ")) must be described "
                    + "and required. Or omit \"parameters\"."
            )
        }
        return schema
    }

    /// The JSON schema of the arguments.
    var schema: JSON {
        var properties = JSONObject()
        for parameter in parameters where parameter.isVisible { properties[parameter.name] = parameter.property }
        let required = parameters.filter { $0.isVisible && !$0.isOptional }
        return [
            "type": "object", "required": .array(required.map { .string($0.name) }),
            "properties": .object(properties),
        ]
    }
}

extension NativeFunction.Parameter {
    /// The schema of the argument.
    fileprivate var property: JSON {
        var members = type.schema
        for (key, value) in schema { members[key] = value }
        return .object(members)
    }
}

extension NativeType {
    /// The schema of an argument of the type.
    fileprivate var schema: JSONObject {
        switch self {
        case .scalar(let scalar): scalar.schema
        case .text: ["type": "string"]
        case .bytes: ["type": "string", "contentEncoding": "base64", "description": "Bytes in base64"]
        case .array(let scalar): ["type": "array", "items": .object(scalar.schema)]
        case .enumeration(let enumeration): enumeration.schema
        case .structure(let structure): structure.schema
        case .handle(let kind):
            ["type": "string", "description": .string("A \(kind) handle that another call returned")]
        case .void, .texts, .pointer, .collect: [:]
        }
    }
}
