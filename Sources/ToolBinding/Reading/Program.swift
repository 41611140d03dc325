import Glibc
import Subprocess
import SystemPackage

/// A program that reads what toolhost does not.
struct Program {
    struct Output {
        let isSuccess: Bool
        let bytes: [UInt8]
        /// The beginning of what it said on standard error.
        let messages: String
    }

    private let path: String

    /// - Parameter names: The first that is in a directory of PATH is taken.
    init?(_ names: [String], path directories: String) {
        let candidates = names.flatMap { name in
            directories.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
        }
        guard let path = candidates.first(where: { access($0, X_OK) == 0 }) else { return nil }
        self.path = path
    }

    /// - Parameter limit: More bytes than that are an error.
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
            throw BindingError(.notReadable, "\(path) did not do its work: \(error)")
        }
    }
}
