import Foundation
import TestSupport
import Testing

/// Failures of `toolhost bind`.
@Suite("Bind: failures", .timeLimit(.minutes(10)))
struct BindFailureTests {
    private let shapes: BindFixture

    init() throws { shapes = try BindFixture() }

    @Test("bind replaces an existing file only with --force")
    func keepsFiles() throws {
        let file = try shapes.directory.file("mine.tool.json", "mine".utf8)
        let refused = try shapes.command("bind", shapes.library, "-o", file).run()
        #expect(refused.status == 64 && refused.errors.contains("--force replaces it"), "\(refused.errors)")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
        #expect(try shapes.command("bind", shapes.library, "-o", file, "--force").run().status == 0)
        #expect(try String(contentsOfFile: file, encoding: .utf8).contains("counter_new"))
        let left = try FileManager.default.contentsOfDirectory(atPath: shapes.directory.path)
        #expect(!left.contains { $0.hasSuffix(".new") }, "\(left)")
    }

    @Test(
        "bind reports what is missing or wrong, and its remedy",
        arguments: [
            (["no_such_library"], 64, "There is no library no_such_library in "),
            (["/nowhere/libshapes.so"], 64, "/nowhere/libshapes.so: Cannot be opened"),
            (["$/shapes.h"], 64, "Is not a shared library"),
            (["$/cut.so"], 64, "Is truncated"),
            (["$/libshapes.so", "--header", "$/nowhere.h"], 74, "/nowhere.h' file not found"),
            (["$/libshapes.so", "--header", "$/broken.h"], 74, "broken.h:1:21: error: expected ')'"),
            (
                ["$/libshapes.so", "--header", "$/empty.h"], 64,
                "None of the 0 functions that the header declares is in $/libshapes.so"
            ),
            (
                ["$/libshapes.so", "--header", "$/inline.h"], 64,
                "The header declares only static inline functions, such as add: their code is in the header"
            ),
            (
                ["$/libshapes.so", "--header", "$/asks.h"], 74,
                "asks.h:1:2: error: WIDTH must be defined. Name the right"
            ),
            (["libc.so.66"], 64, "Did you mean \"libc.so.6\""),
            (["$/libshapes.so", "--header", "$/own.h"], 64, "begin with an underscore, such as _internal. To bind"),
            (["$/libshapes.so", "--header", "$/a\"b>.h"], 64, "both a quotation mark and a \">\", in its name"),
            (["$/libshapes.so", "--header", "$/shape.h"], 74, "file not found. Did you mean \"shapes.h\"?"),
            (["$/libshapes.so", "--header", "shaeps.h"], 74, "file not found. Did you mean \"shapes.h\"?"),
            (["$/libshapes.so", "no_such_function"], 64, "The header declares no function no_such_function."),
            (["$/libshapes.so", "hidden"], 64, "$/libshapes.so exports no function hidden."),
            (["$/libshapes.so", "--name", "a b"], 64, "letters, digits, dots, hyphens and underscores"),
            (["$/libnameless.so"], 74, "none of nameless.h, "),
            (["$/libshapes.so", "-o", "$/shapes.json"], 64, "must end in .tool.json"),
            (["$/libshapes.so", "-o", "$/none/shapes.tool.json"], 74, "cannot be written: No such file"),
            (["$/libshapes.so", "--json"], 64, "Add -o FILE"),
        ]
    )
    func failures(words: [String], status: Int32, message: String) throws {
        let bytes = try Data(contentsOf: URL(filePath: shapes.library))
        try shapes.directory.file("cut.so", bytes.prefix(bytes.count / 2))
        try shapes.directory.file("libnameless.so", bytes)
        try shapes.directory.file("broken.h", "int add(int a, int b;\n".utf8)
        try shapes.directory.file("empty.h", [])
        try shapes.directory.file("inline.h", "static inline int add(int a) { return a; }\n#define sum add\n".utf8)
        try shapes.directory.file("asks.h", "#error WIDTH must be defined\n".utf8)
        try shapes.directory.file("own.h", "int _internal(int a);\n".utf8)
        var command = shapes.command()
        command.arguments = ["bind"] + words.map { $0.replacing("$", with: shapes.directory.path) }
        let result = try command.run()
        let expected = message.replacing("$", with: shapes.directory.path)
        #expect(result.status == status && result.errors.contains(expected), "\(result.status) \(result.errors)")
        #expect(result.output == "" && !result.errors.contains("<U+"), "\(result.errors)")
    }

    @Test(
        "bind reads a header whose name contains a delimiter of #include",
        arguments: ["a\"b.h", "a>b.h", "a b.h", "a'b.h", "a\\b.h"]
    )
    func marks(name: String) throws {
        let header = try shapes.directory.file(name, "int divide(int a, int b, int *quotient);\n".utf8)
        let result = try shapes.command("bind", shapes.library, "--header", header).run()
        #expect(result.status == 0 && result.output.contains("divide"), "\(result.errors)")
    }

    @Test("bind without clang fails and names the package to install")
    func needsClang() throws {
        var command = shapes.command("bind", shapes.library)
        command.environment["PATH"] = shapes.directory.path
        let result = try command.run()
        #expect(result.status == 74 && result.errors.contains("apt-get install clang"), "\(result.errors)")
    }
}
