/// An error that describes why a native function or a binding cannot be used.
package struct NativeSignatureError: Error, Sendable, Hashable {
    /// The reason in sentences, with the place of the mistake.
    package let message: String

    init(_ message: String) { self.message = message }
}
