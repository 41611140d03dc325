import ToolJSON

/// Has clang read headers.
struct HeaderReader {
    private let clang: Program

    private static let maximumBytes = 512 << 20
    /// The newest first; distributions number them.
    private static let names = ["clang"] + (14...30).reversed().map { "clang-\($0)" }

    /// - Parameter path: The folders where programs are, as in PATH.
    init(path: String) throws(BindingFailure) {
        guard let clang = Program(Self.names, path: path) else {
            throw BindingFailure(
                .notReadable,
                "Headers are read with clang, and PATH has none. Install it: apt-get install clang — or put the bin "
                    + "folder of a Swift toolchain into PATH, which has one."
            )
        }
        self.clang = clang
    }

    /// Reads what headers declare.
    ///
    /// - Parameters:
    ///   - headers: As `#include <…>` takes them, or paths. For each, the first of several names that is there.
    ///   - folders: More folders to look for headers in.
    func declarations(of headers: [[String]], folders: [String]) async throws(BindingFailure) -> Declarations {
        let arguments = folders.flatMap { ["-I", $0] }
        let output = try await clang.run(
            ["-x", "c", "-std=gnu17", "-fsyntax-only", "-w", "-ferror-limit=3", "-Xclang", "-ast-dump=json"]
                + arguments + ["-"],
            input: headers.map(Self.inclusion).joined(),
            limit: Self.maximumBytes
        )
        guard output.isSuccess else {
            let names = headers.compactMap(\.first).joined(separator: ", ")
            throw BindingFailure(
                .notReadable,
                "\(names) cannot be read; clang says:\n\(output.messages)\n"
                    + "Name the right header with --header, what it needs with another --header before it, "
                    + "and its folder with -I. Debian has headers in packages whose names end in -dev."
            )
        }
        do {
            let tree = try JSON(parsing: output.bytes, limits: JSONLimits(depth: 1000, bytes: Self.maximumBytes))
            return Declarations(tree, sources: SourceComments())
        } catch {
            throw BindingFailure(.notReadable, "clang's syntax tree cannot be read: \(error)")
        }
    }

    private static func inclusion(_ names: [String]) -> String {
        if names.count == 1 { return "#include \(quoted(names[0]))\n" }
        let choices = names.map { "if __has_include(\(quoted($0)))\n#include \(quoted($0))\n" }
        return "#" + choices.joined(separator: "#el")
            + "#else\n#error none of \(names.joined(separator: ", ")) is there\n#endif\n"
    }

    private static func quoted(_ name: String) -> String { name.hasPrefix("/") ? "\"\(name)\"" : "<\(name)>" }
}
