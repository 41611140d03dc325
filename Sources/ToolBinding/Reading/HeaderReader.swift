import Glibc
import ToolJSON

/// A reader of C headers, which uses clang.
struct HeaderReader {
    let clang: Program

    static let limits = JSONLimits(depth: 1000, bytes: 512 << 20, values: .max)
    /// The names of the program in distributions, newest version first.
    private static let names = ["clang"] + (14...30).reversed().map { "clang-\($0)" }

    /// - Parameter path: The directories of programs, as in PATH.
    init(path: String) throws(BindingError) {
        guard let clang = Program(Self.names, path: path) else {
            throw BindingError(
                .notReadable,
                "Reading headers needs clang, which is not in PATH.",
                remedy: .installCompiler
            )
        }
        self.clang = clang
    }

    /// Reads the declarations of headers.
    ///
    /// - Parameters:
    ///   - headers: Alternative names for each header, as in `#include <…>` or as paths. The first that exists is read.
    ///   - directories: Additional directories of headers.
    func declarations(of headers: [[String]], directories: [String]) async throws(BindingError) -> Declarations {
        let output = try await syntaxTree(of: headers, directories: directories, options: ["-ferror-limit=3"])
        guard output.isSuccess else {
            let names = headers.compactMap(\.first).joined(separator: ", ")
            let lines = output.messages.split(separator: "\n")
            let errors = lines.filter { $0.contains("error: ") }.prefix(3)
            let reason = (errors.isEmpty ? lines.prefix(3) : errors).joined(separator: "; ")
            throw BindingError(
                .notReadable,
                "\(names) cannot be read; clang reports: \(reason)\(reason.hasSuffix(".") ? "" : ".")"
                    + (reason.contains("file not found") ? Self.question(headers, directories) : ""),
                remedy: .chooseHeader
            )
        }
        do {
            return Declarations(try JSON(parsing: output.bytes, limits: Self.limits), sources: SourceComments())
        } catch {
            throw BindingError(
                .notReadable,
                "The syntax tree from clang cannot be read: \(error)",
                underlyingError: error
            )
        }
    }

    /// Returns the syntax tree of headers and of a text that follows them.
    func syntaxTree(
        of headers: [[String]],
        directories: [String],
        followedBy text: String = "",
        options: [String]
    ) async throws(BindingError) -> Program.Output {
        var inclusions = ""
        for names in headers { inclusions += try Self.inclusion(names) }
        return try await clang.run(
            ["-x", "c", "-std=gnu17", "-fsyntax-only", "-w", "-Xclang", "-ast-dump=json"] + options
                + directories.flatMap { ["-I", $0] } + ["-"],
            input: inclusions + text,
            limit: Self.limits.bytes
        )
    }

    static func inclusion(_ names: [String]) throws(BindingError) -> String {
        var quoted: [String] = []
        for name in names { quoted.append(try Self.quoted(name)) }
        if quoted.count == 1 { return "#include \(quoted[0])\n" }
        let choices = quoted.map { "if __has_include(\($0))\n#include \($0)\n" }
        return "#" + choices.joined(separator: "#el")
            + "#else\n#error none of \(names.joined(separator: ", ")) exists\n#endif\n"
    }

    /// Returns the argument of #include: an existing path as an absolute path, any other name as a name to search for.
    private static func quoted(_ name: String) throws(BindingError) -> String {
        var (path, isPath) = (name, name.hasPrefix("/"))
        if name.contains("/"), let real = realpath(name, nil) {
            (path, isPath) = (String(cString: real), true)
            free(real)
        }
        // Each form of #include allows the delimiter of the other in a name.
        let marks = Set(path.utf8).intersection([UInt8(ascii: "\""), UInt8(ascii: ">"), 0x0A, 0x0D])
        guard marks.isDisjoint(with: [0x0A, 0x0D]), marks.count < 2 else {
            throw BindingError(
                .notFound,
                "The header \(name) has a line break, or both a quotation mark and a \">\", in its name."
            )
        }
        return (marks.isEmpty ? isPath : marks.contains(UInt8(ascii: ">"))) ? "\"\(path)\"" : "<\(path)>"
    }

    /// Returns a question with names similar to that of a missing header, or an empty string.
    private static func question(_ headers: [[String]], _ directories: [String]) -> String {
        for names in headers where names.count == 1 {
            let name = names[0]
            let start = name.lastIndex(of: "/").map(name.index(after:)) ?? name.startIndex
            let own = String(name[start...])
            let places = start > name.startIndex ? [String(name[..<start])] : directories + ["/usr/include"]
            let files = places.flatMap(SystemDirectories.files).filter { $0.hasSuffix(".h") }
            guard !files.contains(own) else { continue }
            let question = NearNames.question(own, among: files)
            if !question.isEmpty { return question }
        }
        return ""
    }
}
