import Glibc
import Subprocess
import SystemPackage

/// A program that reads a file format for toolhost.
struct Program {
    struct Output {
        let isSuccess: Bool
        let bytes: [UInt8]
        /// The beginning of the standard error output.
        let messages: String
    }

    private let path: String

    /// Finds a program.
    ///
    /// - Parameters:
    ///   - names: The names of the program, in order of preference.
    ///   - directories: The directories of programs, as in PATH.
    /// - Returns: Nil if no directory contains the program.
    init?(_ names: [String], path directories: String) {
        let candidates = names.flatMap { name in
            directories.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
        }
        guard let path = candidates.first(where: { access($0, X_OK) == 0 }) else { return nil }
        self.path = path
    }

    /// Runs the program and waits for it.
    ///
    /// A failure of the program is not an error.
    ///
    /// - Parameter limit: The maximum size of the output, in bytes.
    /// - Throws: ``BindingError`` if the program cannot be run, or its output exceeds the limit.
    func run(_ arguments: [String], input: String = "", limit: Int) async throws(BindingError) -> Output {
        do {
            let result = try await Subprocess.run(
                .path(FilePath(path)),
                arguments: Arguments(arguments),
                input: .string(input),
                output: .bytes(limit: limit),
                error: .string(limit: 1 << 20)
            )
            return Output(
                isSuccess: result.terminationStatus.isSuccess,
                bytes: result.standardOutput,
                messages: String(result.standardError.prefix(2000))
            )
        } catch {
            throw BindingError(.notReadable, "\(path) failed: \(error)", underlyingError: error)
        }
    }
}
