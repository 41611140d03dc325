import Foundation
import TestSupport
import Testing
import ToolJSON

@testable import ToolBinding

@Suite("Reading headers", .timeLimit(.minutes(5))) struct HeaderReaderTests {
    private static let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"

    private func read(_ header: String) async throws -> (Declarations, HeaderReader, [[String]], FixtureDirectory) {
        let directory = try FixtureDirectory()
        let file = try directory.file("fixture.h", header.utf8)
        let reader = try HeaderReader(path: Self.path)
        return (try await reader.declarations(of: [[file]], directories: []), reader, [[file]], directory)
    }

    @Test("functions are read with their symbols, parameters, comments and lengths")
    func functions() async throws {
        let (declarations, _, _, directory) = try await read(
            """
            /** Adds. @param a the first */
            int add(int a, const unsigned char key[16]);
            int renamed(void) __asm__("real_name");
            int add(int, const unsigned char *);
            """
        )
        withExtendedLifetime(directory) {
            #expect(declarations.functions.map(\.name) == ["add", "renamed"])
            let add = declarations.functions[0]
            #expect(add.comment == "Adds." && add.spelling == "int add(int, const unsigned char *)")
            #expect(add.parameters.map(\.name) == ["a", "key"])
            #expect(add.parameters.map(\.comment) == ["the first", nil])
            #expect(add.parameters.map(\.length) == [nil, "16"])
            #expect(declarations.functions[1].symbol == "real_name")
        }
    }

    @Test(
        "a function that cannot be called has a reason",
        arguments: [
            ("int f(const char *format, ...);", "is variadic, and such a function cannot be called safely"),
            ("int f();", "has no parameter list: in C, () allows any arguments"),
            ("void f(void) __attribute__((noreturn));", "does not return normally"),
            ("int f(int);", nil),
        ] as [(String, String?)]
    )
    func obstacles(header: String, obstacle: String?) async throws {
        #expect(try await read(header).0.functions.first?.obstacle == obstacle)
    }

    @Test("other declarations are read with their kind")
    func others() async throws {
        let declarations = try await read(
            "extern int variable; typedef int type; enum { CONSTANT }; static inline int inside(int a) { return a; }\n"
        ).0
        let kinds = ["variable", "type", "CONSTANT", "inside"].map { declarations.others[$0] }
        #expect(kinds == [.variable, .type, .constant, .staticFunction])
        #expect(declarations.functions.isEmpty)
    }

    @Test("the values of enumerations continue from known values only")
    func enumerations() async throws {
        let declarations = try await read("enum e { A, B = sizeof(int), C, D = 0xFFFFFFFFFFFFFFFFull, E };\n").0
        let values = declarations.enumerations["enum e"]?.map(\.value)
        #expect(values == [0, 4, 5, nil, nil])
    }

    @Test("layouts and lengths are computed by clang, and an error in one does not affect others")
    func computed() async throws {
        let (declarations, reader, headers, directory) = try await read(
            "#define LENGTH 8\nstruct plain { char c; int i; };\nstruct incomplete;\n"
        )
        let layouts = try await reader.layouts(
            of: ["struct plain", "struct incomplete"],
            in: declarations,
            headers: headers,
            directories: []
        )
        #expect(layouts == ["struct plain": Declarations.Layout(size: 8, alignment: 4, offsets: [0, 4])])
        let lengths = try await reader.lengths(
            of: ["LENGTH * 2", "16", "NONE", "0"],
            headers: headers,
            directories: []
        )
        #expect(lengths == ["LENGTH * 2": 16, "16": 16])
        withExtendedLifetime(directory) {}
    }

    @Test("a macro is found with its parameters and its replacement")
    func macros() async throws {
        let (_, reader, headers, directory) = try await read(
            "#define twice(x) ((x) * 2)\n#define LIMIT 10\n#define EMPTY\n"
        )
        let twice = await reader.macro("twice", headers: headers, directories: [])
        #expect(twice?.parameters == "(x)" && twice?.text == "((x) * 2)")
        #expect(await reader.macro("LIMIT", headers: headers, directories: [])?.text == "10")
        #expect(await reader.macro("EMPTY", headers: headers, directories: [])?.text == "")
        #expect(await reader.macro("LIM", headers: headers, directories: []) == nil)
        withExtendedLifetime(directory) {}
    }

    @Test("a header that clang rejects is reported with the error and a remedy")
    func errors() async throws {
        do {
            _ = try await read("int add(int a;\n")
            Issue.record("no error")
        } catch let error as BindingError {
            #expect(error.code == .notReadable && error.remedy == .chooseHeader)
            #expect(error.message.contains("fixture.h:1:"), "\(error.message)")
        }
    }

    @Test("a missing clang is reported with a remedy")
    func missingCompiler() {
        let error = #expect(throws: BindingError.self) { try HeaderReader(path: "/nowhere") }
        #expect(error?.code == .notReadable && error?.remedy == .installCompiler)
    }

    @Test(
        "a header is included by its name, or by the first name that exists",
        arguments: [
            (["zlib.h"], "#include <zlib.h>\n"), (["/nowhere/a.h"], "#include \"/nowhere/a.h\"\n"),
            (["/nowhere/a\"b.h"], "#include </nowhere/a\"b.h>\n"), (["a>b.h"], "#include \"a>b.h\"\n"),
            (
                ["a.h", "b.h"],
                "#if __has_include(<a.h>)\n#include <a.h>\n#elif __has_include(<b.h>)\n#include <b.h>\n"
                    + "#else\n#error none of a.h, b.h exists\n#endif\n"
            ),
        ]
    )
    func inclusions(names: [String], directive: String) throws {
        #expect(try HeaderReader.inclusion(names) == directive)
    }

    @Test("a header whose name no form of #include allows is refused", arguments: ["a\"b>.h", "a\nb.h", "a\rb.h"])
    func invalidNames(name: String) {
        let error = #expect(throws: BindingError.self) { try HeaderReader.inclusion([name]) }
        #expect(error?.code == .notFound)
    }

    @Test("the output of clang is split into its documents")
    func documents() {
        let output = "Dumping a:\n{\n  \"a\": {\n  }\n}\nDumping b:\n{\n}\n{\n unfinished"
        let documents = HeaderReader.documents(Array(output.utf8)).map { String(decoding: $0, as: UTF8.self) }
        #expect(documents == ["{\n  \"a\": {\n  }\n}", "{\n}"])
    }
}
