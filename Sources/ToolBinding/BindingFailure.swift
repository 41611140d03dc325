/// Why no binding can be drafted.
package struct BindingFailure: Error, Sendable, Hashable {
    package enum Cause: Sendable, Hashable {
        /// There is no such library, header or function.
        case notFound
        /// clang is missing, or does not understand the header.
        case notReadable
    }

    package let cause: Cause
    /// What is wrong and what to do, in sentences.
    package let message: String

    init(_ cause: Cause, _ message: String) {
        (self.cause, self.message) = (cause, message)
    }
}
