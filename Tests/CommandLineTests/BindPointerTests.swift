import Foundation
import TestSupport
import Testing
import ToolJSON

/// Pointers without a type, arrays of a declared length, and names that are no functions.
@Suite("A draft of pointers and names", .timeLimit(.minutes(10)))
struct BindPointerTests {
    private static let header = """
        #include <stddef.h>
        #define DIGEST 0x10
        enum { QUARTER = 4 };
        typedef unsigned char id_t16[16];
        typedef void *HANDLE;
        typedef void session;
        typedef void *voidpf;

        HANDLE thing_open(const char *name);
        int thing_use(HANDLE thing);
        int thing_close(HANDLE thing);
        session *session_new(void);
        int session_make(session **made);
        void session_free(session *s);
        int pass(void *context);
        int pass_generic(voidpf opaque);
        int fill(void *buffer, unsigned long size);
        int channel(void *device, int channel);
        int user(const void *user, unsigned flags);
        int sized(void *, size_t);
        int unnamed(void *, long);
        int unnamed_read(const void *, long);
        int buffered(void *buf, int most);

        void digest(unsigned char out[16]);
        void digest_macro(unsigned char out[DIGEST]);
        void digest_alias(id_t16 out);
        int first(const unsigned char in[16]);
        int first_alias(const id_t16 in);
        int sum4(const int v[static 4]);
        int sum_enum(const int v[QUARTER * 2]);
        void name8(char out[8]);
        void squares(int out[3]);
        int counted(int n, const int v[n]);
        int rounds(const unsigned char key[16], int rounds);
        int keyed(const unsigned char key[16], unsigned long key_len);
        void digest_n(unsigned char out[16], int variant);
        void digest_len(unsigned char out[16], unsigned long out_len);

        extern int counter;
        static inline int twice(int x) { return 2 * x; }
        inline int thrice(int x) { return 3 * x; }
        int open_file(int x);
        #define open_it(x) open_file((x) + 1)
        #define LIMIT 10
        int not_there(int x);
        """

    private static let source = """
        #include <stdlib.h>
        #include <string.h>
        #include "pointers.h"
        int counter;
        HANDLE thing_open(const char *name) { return malloc(strlen(name)); }
        int thing_use(HANDLE thing) { return thing != NULL; }
        int thing_close(HANDLE thing) { free(thing); return 0; }
        session *session_new(void) { return malloc(1); }
        int session_make(session **made) { *made = malloc(1); return 0; }
        void session_free(session *s) { free(s); }
        int pass(void *context) { return context != NULL; }
        int pass_generic(voidpf opaque) { return opaque != NULL; }
        int fill(void *buffer, unsigned long size) { memset(buffer, 1, size); return 0; }
        int channel(void *device, int channel) { return channel; }
        int user(const void *user, unsigned flags) { return flags; }
        int sized(void *a, size_t b) { return b; }
        int unnamed(void *a, long b) { return b; }
        int unnamed_read(const void *a, long b) { return b; }
        int buffered(void *buf, int most) { return most; }
        int rounds(const unsigned char key[16], int rounds) { return key[15] + rounds; }
        int keyed(const unsigned char key[16], unsigned long key_len) { return key[15] + key_len; }
        void digest_n(unsigned char out[16], int variant) { memset(out, variant, 16); }
        void digest_len(unsigned char out[16], unsigned long out_len) { memset(out, 1, out_len); }
        void digest(unsigned char out[16]) { memset(out, 1, 16); }
        void digest_macro(unsigned char out[DIGEST]) { memset(out, 1, 16); }
        void digest_alias(id_t16 out) { memset(out, 1, 16); }
        int first(const unsigned char in[16]) { return in[15]; }
        int first_alias(const id_t16 in) { return in[0]; }
        int sum4(const int v[static 4]) { return v[0] + v[1] + v[2] + v[3]; }
        int sum_enum(const int v[QUARTER * 2]) { return v[7]; }
        void name8(char out[8]) { strcpy(out, "name"); }
        void squares(int out[3]) { for (int i = 0; i < 3; i++) out[i] = i * i; }
        int counted(int n, const int v[n]) { return v[n - 1]; }
        int open_file(int x) { return x; }
        int undeclared(int x) { return x; }
        """

    /// Made once, and read by every test.
    private static let fixture: Result<BindFixture, any Error> = Result {
        let made = try BindFixture(named: "pointers", header: header, source: source)
        atexit { if let own = try? fixture.get() { try? FileManager.default.removeItem(atPath: own.directory.path) } }
        return made
    }
    private static let draft: Result<Draft, any Error> = Result { try fixture.get().draft() }

    @Test(
        "proposes a handle or NULL for a pointer without a type, and a buffer only where something counts it",
        arguments: [
            ("thing_open", "returns", #"{"type":"HANDLE","fails":"null"}"#, ["Is the HANDLE that it returns new"]),
            ("thing_use", "parameters", #"[{"name":"thing","type":"HANDLE"}]"#, []),
            (
                "thing_close", "parameters", #"[{"name":"thing","type":"HANDLE","closes":true}]"#,
                ["Does it close thing"]
            ),
            ("session_new", "returns", #"{"type":"session","fails":"null"}"#, ["Is the session that it returns new"]),
            (
                "session_make", "parameters", #"[{"name":"made","type":"session","out":true}]"#,
                ["to a new handle", "whether it failed"]
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
                ["Is buffer (void *) a buffer that is filled", "whether it failed"]
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
                ["Is data (void *) a buffer that is filled", "whether it failed"]
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
                ["Is buf (void *) a buffer that is filled", "whether it failed"]
            ),
        ] as [(String, String, String, [String])]
    )
    func untyped(name: String, member: String, proposal: String, questions: [String]) throws {
        try check(name, member, proposal, questions)
    }

    @Test(
        "keeps the length of an array that the header declares",
        arguments: [
            (
                "digest", #"[{"name":"out","type":"bytes","out":true,"capacity":16}]"#,
                ["Is out (unsigned char[16]) filled"]
            ),
            (
                "digest_macro", #"[{"name":"out","type":"bytes","out":true,"capacity":16}]"#,
                ["Is out (unsigned char[16]) filled"]
            ),
            (
                "digest_alias", #"[{"name":"out","type":"bytes","out":true,"capacity":16}]"#,
                ["Is out (unsigned char[16]) filled"]
            ),
            ("first", #"[{"name":"in","type":"bytes","size":16}]"#, []),
            ("first_alias", #"[{"name":"in","type":"bytes","size":16}]"#, []),
            ("sum4", #"[{"name":"v","type":"i32[]","size":4}]"#, []),
            ("sum_enum", #"[{"name":"v","type":"i32[]","size":8}]"#, []),
            ("name8", #"[{"name":"out","type":"text","out":true,"capacity":8}]"#, ["Is out (char[8]) filled"]),
            ("squares", #"[{"name":"out","type":"i32[]","out":true,"capacity":3}]"#, ["Is out (int[3]) filled"]),
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
                ["Is out (unsigned char[16]) filled"]
            ),
            (
                "digest_len",
                #"[{"name":"out","type":"bytes","out":true,"capacity":16},"#
                    + #"{"name":"out_len","type":"u64","count_of":"out"}]"#,
                ["Is out (unsigned char[16]) filled"]
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
        "takes arrays of exactly the declared length",
        arguments: [("[1,2,3,4]", 0), ("[1,2,3]", 2), ("[1,2,3,4,5]", 2)]
    )
    func takesLength(values: String, status: Int32) throws {
        let directory = try Self.fixture.get().directory
        _ = try Self.draft.get()
        let result = try Command("call", "sum4", #"{"v":\#(values)}"#, plugins: directory).run()
        #expect(result.status == status && (status != 0 || result.output == "10\n"), "\(result.output)\(result.errors)")
    }

    @Test(
        "says of a name that is no function of the library what it is",
        arguments: [
            ("twice", "twice is a static inline function: its code is in the header"),
            ("thrice", "exports no function thrice. It is an inline function: its code is in the header."),
            (
                "open_it",
                "open_it is a macro, which only a compiler expands: open_it(x) stands for open_file((x) + 1). Bind open_file"
            ),
            ("LIMIT", "LIMIT is a macro, which only a compiler expands: LIMIT stands for 10."),
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

    @Test("exits with 1 where no function became a tool, and proposes no further command")
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
        "proposes a command that a shell reads as it is meant",
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
