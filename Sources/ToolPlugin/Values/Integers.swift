public import ToolJSON

// The schema of a sized integer type contains its range. `Int` means any integer, so its schema has none.
extension FixedWidthInteger where Self: ToolValue {
    /// An integer within the range of the type.
    public static var toolSchema: JSONObject {
        ["type": "integer", "minimum": .int(Self.min), "maximum": .int(Self.max)]
    }

    public init(toolValue: JSON) throws(ToolValueError) {
        guard let number = toolValue.number, number.isInteger,
            // A number that does not fit in 64 signed bits is parsed from its text.
            let value = number.int64.flatMap(Self.init(exactly:)) ?? Self(number.literal)
        else {
            throw ToolValueError(expected: "an integer from \(Self.min) to \(Self.max)", found: toolValue)
        }
        self = value
    }

    public var toolValue: JSON { .int(self) }
}

extension Int: ToolScalar {
    /// An integer.
    public static var toolSchema: JSONObject { ["type": "integer"] }
}

extension UInt: ToolScalar {
    /// A non-negative integer.
    public static var toolSchema: JSONObject { ["type": "integer", "minimum": 0] }
}

extension Int8: ToolScalar {}
extension Int16: ToolScalar {}
extension Int32: ToolScalar {}
extension Int64: ToolScalar {}
extension UInt8: ToolScalar {}
extension UInt16: ToolScalar {}
extension UInt32: ToolScalar {}
extension UInt64: ToolScalar {}
