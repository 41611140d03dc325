import ToolJSON

/// A C enumeration, whose values are names in JSON.
struct NativeEnumeration: Sendable, Hashable {
    /// A value with its name.
    struct Value: Sendable, Hashable {
        let name: String
        let value: Int64
    }

    let scalar: NativeScalar
    let values: [Value]

    /// The schema of an argument of the type.
    var schema: JSONObject { ["type": "string", "enum": .array(values.map { .string($0.name) })] }

    /// Returns the bits of a name, or nil if no value has the name.
    func bits(of value: JSON) -> UInt64? {
        values.first { .string($0.name) == value }.map { UInt64(bitPattern: $0.value) }
    }

    /// Returns the name of bits, or their number if it has no name.
    func value(_ bits: UInt64) -> JSON {
        let number = scalar.integer(bits)
        return values.first { $0.value == number }.map { .string($0.name) } ?? scalar.value(bits)
    }

    /// A noun phrase for a valid argument.
    var expectation: String { "one of " + values.map { "\"\($0.name)\"" }.joined(separator: ", ") }
}
