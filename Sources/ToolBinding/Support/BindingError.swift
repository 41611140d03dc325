/// An error about a binding that cannot be drafted or read.
package struct BindingError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String, Sendable {
            case notFound, notReadable
        }

        private let value: Value

        private init(_ value: Value) { self.value = value }

        /// The library, the header or the function does not exist, or the function has no symbol to call.
        package static let notFound = Code(.notFound)
        /// A file cannot be read, or clang is missing or rejects the header.
        package static let notReadable = Code(.notReadable)

        package var description: String { value.rawValue }
    }

    /// An action of the user that may solve the problem.
    package struct Remedy: Sendable, Hashable {
        private enum Action: Sendable, Hashable {
            case installCompiler, chooseHeader
            case chooseName(String, known: [String])
        }

        private let action: Action

        private init(_ action: Action) { self.action = action }

        /// Install clang, or add a directory with clang to PATH.
        package static let installCompiler = Remedy(.installCompiler)
        /// Name another header, a header that it depends on, or the directory of one.
        package static let chooseHeader = Remedy(.chooseHeader)

        /// Choose another name for a library or function.
        ///
        /// - Parameters:
        ///   - name: The name that does not exist.
        ///   - known: The names that exist.
        package static func chooseName(_ name: String, known: [String]) -> Remedy {
            Remedy(.chooseName(name, known: known))
        }

        /// The name that does not exist and the names that do, or nil for another remedy.
        package var choice: (name: String, known: [String])? {
            if case .chooseName(let name, let known) = action { (name, known) } else { nil }
        }
    }

    /// The kind of failure.
    package let code: Code

    /// The reason, in sentences.
    package let message: String

    /// The error that caused this one, or nil.
    package let underlyingError: (any Error)?

    /// An action that may solve the problem, or nil.
    package let remedy: Remedy?

    /// The reason, in sentences.
    package var description: String { message }

    init(_ code: Code, _ message: String, remedy: Remedy? = nil, underlyingError: (any Error)? = nil) {
        (self.code, self.message, self.remedy, self.underlyingError) = (code, message, remedy, underlyingError)
    }
}
