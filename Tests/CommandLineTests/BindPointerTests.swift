import Foundation
import TestSupport
import Testing
import ToolJSON

/// Drafts of untyped pointers and arrays of a declared length, and names that are not functions.
@Suite("Bind: pointers and names", .timeLimit(.minutes(10)))
struct BindPointerTests {
    /// Compiled once for all tests.
    private static let fixture: Result<BindFixture, any Error> = Result {
        let fixture = try BindFixture("pointers")
        atexit {
            if let fixture = try? Self.fixture.get() {
                try? FileManager.default.removeItem(atPath: fixture.directory.path)
            }
        }
        return fixture
    }
    private static let draft: Result<Draft, any Error> = Result { try fixture.get().draft() }

    @Test(
        "an untyped pointer is drafted as a handle or NULL, and as a buffer only if a parameter counts it",
        arguments: [
            ("thing_open", "returns", #"{"type":"HANDLE","fails":"null"}"#, ["Does it return a new HANDLE"]),
            ("thing_use", "parameters", #"[{"name":"thing","type":"HANDLE"}]"#, []),
            (
                "thing_close", "parameters", #"[{"name":"thing","type":"HANDLE","closes":true}]"#,
                ["Does it close thing"]
            ),
            ("session_new", "returns", #"{"type":"session","fails":"null"}"#, ["Does it return a new session"]),
            (
                "session_make", "parameters", #"[{"name":"made","type":"session","out":true}]"#,
                ["to a new handle", "report a failure"]
            ),
            (
                "session_free", "parameters", #"[{"name":"s","type":"session","closes":true}]"#, ["Does it close s"]
            ),
            (
                "pass", "parameters", #"[{"name":"context","type":"pointer","value":null}]"#,
                ["What is context (void *) for? NULL is passed"]
            ),
            (
                "pass_generic", "parameters", #"[{"name":"opaque","type":"pointer","value":null}]"#,
                ["What is opaque (voidpf) for? NULL is passed"]
            ),
            (
                "fill", "parameters",
                #"[{"name":"buffer","type":"bytes","out":true,"capacity":65536},"#
                    + #"{"name":"size","type":"u64","count_of":"buffer"}]"#,
                ["Is buffer (void *) a buffer that is filled", "report a failure"]
            ),
            (
                "channel", "parameters",
                #"[{"name":"device","type":"pointer","value":null},{"name":"channel","type":"i32"}]"#,
                ["What is device (void *) for? NULL is passed"]
            ),
            (
                "user", "parameters", #"[{"name":"user","type":"pointer","value":null},{"name":"flags","type":"u32"}]"#,
                ["What is user (const void *) for? NULL is passed"]
            ),
            (
                "sized", "parameters",
                #"[{"name":"data","type":"bytes","out":true,"capacity":65536},"#
                    + #"{"name":"value","type":"u64","count_of":"data"}]"#,
                ["Is data (void *) a buffer that is filled", "report a failure"]
            ),
            (
                "unnamed", "parameters",
                #"[{"name":"data","type":"pointer","value":null},{"name":"value","type":"i64"}]"#,
                ["What is data (void *) for? NULL is passed"]
            ),
            (
                "unnamed_read", "parameters",
                #"[{"name":"data","type":"bytes"},{"name":"value","type":"i64","count_of":"data"}]"#,
                ["Is data (const void *) a buffer that is read, and does value count its bytes?"]
            ),
            (
                "buffered", "parameters",
                #"[{"name":"buf","type":"bytes","out":true,"capacity":65536},"#
                    + #"{"name":"most","type":"i32","count_of":"buf"}]"#,
                ["Is buf (void *) a buffer that is filled", "report a failure"]
            ),
        ] as [(String, String, String, [String])]
    )
    func untyped(name: String, member: String, proposal: String, questions: [String]) throws {
        try check(name, member, proposal, questions)
    }

    @Test(
        "the declared length of an array is part of the draft",
        arguments: [
            (
                "digest", #"[{"name":"out","type":"bytes","out":true,"capacity":16}]"#,
                ["Does the function fill out (unsigned char[16])"]
            ),
            (
                "digest_macro", #"[{"name":"out","type":"bytes","out":true,"capacity":16}]"#,
                ["Does the function fill out (unsigned char[16])"]
            ),
            (
                "digest_alias", #"[{"name":"out","type":"bytes","out":true,"capacity":16}]"#,
                ["Does the function fill out (unsigned char[16])"]
            ),
            ("first", #"[{"name":"in","type":"bytes","size":16}]"#, []),
            ("first_alias", #"[{"name":"in","type":"bytes","size":16}]"#, []),
            ("sum4", #"[{"name":"v","type":"i32[]","size":4}]"#, []),
            ("sum_enum", #"[{"name":"v","type":"i32[]","size":8}]"#, []),
            (
                "name8", #"[{"name":"out","type":"text","out":true,"capacity":8}]"#,
                ["Does the function fill out (char[8])"]
            ),
            (
                "squares", #"[{"name":"out","type":"i32[]","out":true,"capacity":3}]"#,
                ["Does the function fill out (int[3])"]
            ),
            (
                "rounds", #"[{"name":"key","type":"bytes","size":16},{"name":"rounds","type":"i32"}]"#, []
            ),
            (
                "keyed", #"[{"name":"key","type":"bytes","size":16},{"name":"key_len","type":"u64","value":16}]"#,
                ["Does key_len count the elements of key, so that it is always 16?"]
            ),
            (
                "digest_n",
                #"[{"name":"out","type":"bytes","out":true,"capacity":16},{"name":"variant","type":"i32"}]"#,
                ["Does the function fill out (unsigned char[16])"]
            ),
            (
                "digest_len",
                #"[{"name":"out","type":"bytes","out":true,"capacity":16},"#
                    + #"{"name":"out_len","type":"u64","count_of":"out"}]"#,
                ["Does the function fill out (unsigned char[16])"]
            ),
            (
                "counted", #"[{"name":"n","type":"i32","count_of":"v"},{"name":"v","type":"i32[]"}]"#,
                ["Is v (const int *) an array, and does n count its elements?"]
            ),
        ] as [(String, String, [String])]
    )
    func lengths(name: String, proposal: String, questions: [String]) throws {
        try check(name, "parameters", proposal, questions)
    }

    private func check(_ name: String, _ member: String, _ proposal: String, _ questions: [String]) throws {
        let draft = try Self.draft.get()
        #expect(draft.tool(name)?[member]?.text() == proposal)
        let asked = draft.questions(name)
        #expect(asked.count == questions.count, "\(asked)")
        for (question, asked) in zip(questions, asked) { #expect(asked.contains(question), "\(asked)") }
    }

    @Test(
        "a call is rejected unless its array has the declared length",
        arguments: [("[1,2,3,4]", 0), ("[1,2,3]", 2), ("[1,2,3,4,5]", 2)]
    )
    func takesLength(values: String, status: Int32) throws {
        let directory = try Self.fixture.get().directory
        _ = try Self.draft.get()
        let result = try Command("call", "sum4", #"{"v":\#(values)}"#, plugins: directory).run()
        #expect(result.status == status && (status != 0 || result.output == "10\n"), "\(result.output)\(result.errors)")
    }

    @Test(
        "a name that is not a function of the library is reported with its kind",
        arguments: [
            ("twice", "twice is a static inline function: its code is in the header"),
            ("thrice", "exports no function thrice. It is an inline function: its code is in the header."),
            (
                "open_it",
                "open_it is a macro, which only a compiler expands: open_it(x) expands to open_file((x) + 1). Bind open_file"
            ),
            ("LIMIT", "LIMIT is a macro, which only a compiler expands: LIMIT expands to 10."),
            ("counter", "counter is a variable, not a function."),
            ("HANDLE", "HANDLE is a type, not a function."),
            ("QUARTER", "QUARTER is a constant, not a function."),
            ("undeclared", "exports undeclared, but the header does not declare it."),
            ("not_there", "exports no function not_there."),
            ("thing_opne", "The header declares no function thing_opne. Did you mean \"thing_open\"?"),
            ("sesion_new", "The header declares no function sesion_new. Did you mean \"session_new\"?"),
            ("Digest", "The header declares no function Digest. Did you mean \"digest\""),
        ]
    )
    func names(name: String, words: String) throws {
        let fixture = try Self.fixture.get()
        let result = try fixture.command("bind", fixture.library, name).run()
        #expect(result.status == 64 && result.errors.contains(words), "\(result.errors)")
        #expect(result.output == "")
    }

    @Test("bind exits with 1 and proposes no next command if no function can be a tool")
    func nothing() throws {
        let shapes = try BindFixture()
        for function in ["print", "vprint", "quit", "precise", "choose", "raw"] {
            let file = "\(shapes.directory.path)/\(function).tool.json"
            let result = try shapes.command("bind", shapes.library, function, "-o", file).run()
            #expect(result.status == 1 && result.errors.contains("No function became a tool."), "\(result.errors)")
            #expect(!result.errors.contains("toolhost check"))
        }
        let variadic = try shapes.command("bind", shapes.library, "print").run()
        #expect(variadic.status == 1 && variadic.errors.contains("is variadic"), "\(variadic.errors)")
    }

    @Test(
        "the proposed next command is quoted for a shell",
        arguments: ["plain", "two words", "it's", "$HOME", "a;b", "a&b", "(x)", "back\\slash", "\"quoted\"", "*"]
    )
    func quotes(name: String) throws {
        let fixture = try Self.fixture.get()
        let directory = try fixture.directory.directory("quoted \(name.utf8.count)")
        let file = "\(directory)/\(name).tool.json"
        let result = try fixture.command("bind", fixture.library, "sum4", "-o", file, "--force").run()
        let line = try #require(result.errors.split(separator: "\n").first { $0.contains("Next: toolhost ") })
        let words = line.dropFirst("Next: toolhost ".count)
        var shell = Command("-c", "printf '%s\\n' \(words)")
        shell.program = "/bin/sh"
        #expect(try shell.run().output == "check\n\(file)\n")
    }
}
