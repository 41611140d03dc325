/// The reason why no binding can be drafted.
package struct BindingError: Error, Sendable, Hashable {
    package enum Cause: Sendable, Hashable {
        /// There is no such library, header or function, or the function has no symbol to call.
        case notFound
        /// clang is missing, or does not understand the header.
        case notReadable
    }

    package let cause: Cause
    /// The fault and its remedy, in sentences.
    package let message: String
    /// The name of a function that does not exist, and those of the functions that do.
    package var unknown: (name: String, known: [String])? { name.map { ($0, known) } }

    /// True if the header is wrong or incomplete, so that another one may help.
    package let isHeaderFault: Bool

    private let name: String?
    private let known: [String]

    init(
        _ cause: Cause,
        _ message: String,
        unknown name: String? = nil,
        among known: [String] = [],
        isHeaderFault: Bool = false
    ) {
        (self.cause, self.message, self.name, self.known) = (cause, message, name, known)
        self.isHeaderFault = isHeaderFault
    }
}
