import ToolJSON

extension NativeFunction {
    /// A tool's schema with the parameters of the function, unless its author has described them.
    func completed(_ schema: [UInt8]) throws(NativeSignatureError) -> [UInt8] {
        // A schema that is none is found out when the tool is registered.
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
                "Its schema and its signature differ: all of \(names.sorted().joined(separator: ", ")) must be described "
                    + "and required, and nothing else. Or leave \"parameters\" out."
            )
        }
        return schema
    }

    /// The JSON schema of its arguments.
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
    fileprivate var property: JSON {
        var members = type.schema
        for (key, value) in schema { members[key] = value }
        return .object(members)
    }
}

extension NativeType {
    fileprivate var schema: JSONObject {
        switch self {
        case .scalar(let scalar): scalar.schema
        case .text: ["type": "string"]
        case .bytes: ["type": "string", "contentEncoding": "base64", "description": "Bytes in base64"]
        case .array(let scalar): ["type": "array", "items": .object(scalar.schema)]
        case .enumeration(let enumeration): enumeration.schema
        case .structure(let structure): structure.schema
        case .handle(let kind): ["type": "string", "description": .string("A \(kind) handle that another call gave")]
        case .void, .texts, .pointer, .collect: [:]
        }
    }
}
