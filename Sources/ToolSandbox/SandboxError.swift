import Glibc

/// Why a process could not be confined as ordered.
package struct SandboxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and what to do, in sentences.
    package let message: String

    package init(_ message: String) {
        self.message = message
    }

    package var description: String { message }
}

/// What the C library calls an error number, in words.
func errorText(_ number: Int32) -> String {
    strerror(number).map { String(cString: $0) } ?? "error \(number)"
}
