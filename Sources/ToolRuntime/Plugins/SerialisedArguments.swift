package import ToolJSON

/// The arguments of a call as values and as JSON text, which are equal.
package struct SerialisedArguments: Sendable {
    /// The values, for the getters and for native functions.
    package let object: JSONObject
    /// The JSON text: the bytes that the plugin reads.
    package let bytes: [UInt8]

    /// Serialises values.
    package init(_ object: JSONObject) {
        self.object = object
        bytes = JSON.object(object).bytes()
    }
}
