public import ToolJSON

extension String: ToolScalar {
    public static var toolSchema: JSONObject { ["type": "string"] }

    public init(toolValue: JSON) throws(ToolValueError) {
        guard let text = toolValue.string else { throw ToolValueError(expected: "a string", found: toolValue) }
        self = text
    }

    public var toolValue: JSON { .string(self) }
}

extension Bool: ToolScalar {
    public static var toolSchema: JSONObject { ["type": "boolean"] }

    public init(toolValue: JSON) throws(ToolValueError) {
        guard let flag = toolValue.bool else { throw ToolValueError(expected: "true or false", found: toolValue) }
        self = flag
    }

    public var toolValue: JSON { .bool(self) }
}

extension Double: ToolScalar {
    public static var toolSchema: JSONObject { ["type": "number"] }

    public init(toolValue: JSON) throws(ToolValueError) {
        guard let number = toolValue.number?.double, number.isFinite else {
            throw ToolValueError(expected: "a number", found: toolValue)
        }
        self = number
    }

    public var toolValue: JSON { .double(self) }
}

extension Float: ToolScalar {
    public static var toolSchema: JSONObject { Double.toolSchema }

    public init(toolValue: JSON) throws(ToolValueError) {
        self = Float(try Double(toolValue: toolValue))
        if !isFinite { throw ToolValueError(expected: "a number that a Float can hold", found: toolValue) }
    }

    // Through its text, because the nearest double would have more digits.
    public var toolValue: JSON { JSONNumber(literal: description).map(JSON.number) ?? .null }
}

extension JSON: ToolValue {
    /// Any JSON value.
    public static var toolSchema: JSONObject { [:] }

    public init(toolValue: JSON) throws(ToolValueError) { self = toolValue }

    public var toolValue: JSON { self }
}

extension Optional: ToolValue where Wrapped: ToolValue {
    /// The schema of the wrapped type, with null.
    public static var toolSchema: JSONObject { Wrapped.toolSchema.allowingNull }

    public init(toolValue: JSON) throws(ToolValueError) {
        self = toolValue.isNull ? .none : .some(try Wrapped(toolValue: toolValue))
    }

    public var toolValue: JSON { self?.toolValue ?? .null }

    public static var missingToolValue: Wrapped?? { .some(.none) }
}

extension Array: ToolValue where Element: ToolValue {
    public static var toolSchema: JSONObject { ["type": "array", "items": .object(Element.toolSchema)] }

    public init(toolValue: JSON) throws(ToolValueError) {
        guard let values = toolValue.array else { throw ToolValueError(expected: "an array", found: toolValue) }
        self = []
        reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            do {
                append(try Element(toolValue: value))
            } catch {
                throw error.inside(index)
            }
        }
    }

    public var toolValue: JSON { .array(map(\.toolValue)) }
}

extension Set: ToolValue where Element: ToolValue {
    public static var toolSchema: JSONObject {
        ["type": "array", "items": .object(Element.toolSchema), "uniqueItems": true]
    }

    public init(toolValue: JSON) throws(ToolValueError) { self = Set(try [Element](toolValue: toolValue)) }

    // Sorted, because the order of a set differs between processes.
    public var toolValue: JSON {
        .array(map(\.toolValue).map { ($0, $0.text()) }.sorted { $0.1 < $1.1 }.map(\.0))
    }
}

extension Dictionary: ToolValue where Key == String, Value: ToolValue {
    public static var toolSchema: JSONObject {
        ["type": "object", "additionalProperties": .object(Value.toolSchema)]
    }

    public init(toolValue: JSON) throws(ToolValueError) {
        guard let members = toolValue.object else { throw ToolValueError(expected: "an object", found: toolValue) }
        self.init(minimumCapacity: members.count)
        for (name, value) in members {
            do {
                self[name] = try Value(toolValue: value)
            } catch {
                throw error.inside(name)
            }
        }
    }

    public var toolValue: JSON {
        .object(JSONObject(sorted { $0.key < $1.key }.map { ($0.key, $0.value.toolValue) }))
    }
}

extension JSONObject {
    /// The schema, extended to allow null.
    var allowingNull: JSONObject {
        switch self["type"] {
        case .string(let type)? where type != "null": break
        case .array(let types)? where !types.contains("null"): break
        // The schema allows null already.
        case _ where isEmpty || self["type"] != nil: return self
        default: return ["anyOf": [.object(self), ["type": "null"]]]
        }
        var schema = self
        schema["type"] = .array((self["type"]?.array ?? self["type"].map { [$0] } ?? []) + ["null"])
        if let values = self["enum"]?.array { schema["enum"] = .array(values + [.null]) }
        if let values = self["oneOf"]?.array { schema["oneOf"] = .array(values + [["const": .null]]) }
        return schema
    }
}
