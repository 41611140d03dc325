import Foundation
import TestSupport
import Testing
import ToolJSON

/// Drafts of pointers that are not buffers, and drafts whose questions are answered.
@Suite("Bind: handles and counters", .timeLimit(.minutes(10)))
struct BindHandleTests {
    /// Drafts a library with functions that return 0, and checks it once its questions are answered.
    private static func draft(_ types: String, _ declarations: [String]) throws -> Draft {
        let header = "#include <stddef.h>\n\(types)\n" + declarations.map { "\($0);\n" }.joined()
        let source = "#include \"counts.h\"\n" + declarations.map { "\($0) { return 0; }\n" }.joined()
        let fixture = try BindFixture(named: "counts", header: header, source: source)
        defer { try? FileManager.default.removeItem(atPath: fixture.directory.path) }
        let draft = try fixture.draft()
        // Every proposal is accepted.
        try fixture.directory.file("decided.tool.json", draft.content.removing("undecided").text().utf8)
        let checked = try Command("check", "\(fixture.directory.path)/decided.tool.json", "--json").run()
        #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
        return draft
    }

    private static let counters = ["int n", "int len", "unsigned long size", "size_t size", "int count"]

    @Test(
        "a pointer with the name of a handle is not a buffer, even if a number follows",
        arguments: [
            "handle", "ctx", "context", "h", "self", "obj", "state", "session", "db", "_handle", "handle_", "handle2",
            "dbHandle", "hDevice", "pCtx", "ssl_ctx", "buf_ctx", "userData", "user_data", "conn", "opaque", "cookie",
            "arg",
        ]
    )
    func named(pointer: String) throws {
        let draft = try Self.draft(
            "",
            Self.counters.enumerated().flatMap { index, counter in
                ["int w\(index)(void *\(pointer), \(counter))", "int r\(index)(const void *\(pointer), \(counter))"]
            }
        )
        for index in Self.counters.indices {
            for name in ["w\(index)", "r\(index)"] {
                let parameters = try #require(draft.tool(name)?["parameters"]?.array)
                #expect(parameters[0]["type"] == "pointer" && parameters[0]["value"] == .null, "\(parameters)")
                #expect(parameters[1]["count_of"] == nil && draft.questions(name).count == 1)
            }
        }
    }

    @Test(
        "the results and names of other functions decide whether an unnamed pointer is a buffer",
        arguments: [
            ("void *h_open(int a)", "int h_read(void *x, size_t size)", false),
            ("int h_close(void *x)", "int h_read(void *x, int len)", false),
            ("void *hOpen(int a)", "int hRead(void *x, int len)", false),
            ("void *open_it(const char *name)", "int use_it(void *x, int len)", false),
            ("void *open_it(const char *name)", "int use_it(void *x, size_t len)", true),
            ("int other(int a)", "int use_it(void *x, int len)", true),
            ("int other(int a)", "int use_it(void *x, int n)", false),
            ("void *h_open(int a)", "int h_read(void *buf, size_t n)", true),
            ("void *h_open(int a)", "int h_recv(void *data, int len)", true),
            ("void *h_open(int a)", "int h_read(void *dest, unsigned long len)", true),
            ("void *h_open(int a)", "int h_read(int fd, void *x, int n)", true),
            ("int other(int a)", "int recv_some(void *ctx, void *x, int n)", true),
            ("int other(int a)", "int thread_wait(int a, void *x, int n)", false),
            ("int other(int a)", "int get(void *ctx_buf, int most)", true),
            ("int other(int a)", "int get(void *session_data, int n)", true),
        ]
    )
    func neighbours(other: String, function: String, isBuffer: Bool) throws {
        let draft = try Self.draft("", [other, function])
        let name = try #require(function.dropFirst(4).split(separator: "(").first)
        let parameters = try #require(draft.tool(String(name))?["parameters"]?.array).suffix(2)
        #expect(parameters.first?["type"] == (isBuffer ? "bytes" : "pointer"), "\(parameters)")
        #expect((parameters.last?["count_of"] != nil) == isBuffer)
    }

    private static let types = """
        typedef void *HND; typedef const void *CHND; typedef void *voidp; typedef void session; typedef struct opaque opaque;
        typedef struct { int a; } point; enum kind { ONE, TWO }; typedef int (*callback)(int);
        HND hnd_new(int a);
        """

    @Test(
        "check accepts the proposals for every kind of pointer",
        arguments: [
            "HND x", "CHND x", "const HND x", "voidp x", "const voidp x", "session *x", "const session *x", "opaque *x",
            "const opaque *x", "point *x", "const point *x", "enum kind *x", "const enum kind *x", "unsigned char *x",
            "const unsigned char *x", "signed char *x", "char *x", "const char *x", "int *x", "const int *x",
            "const float *x", "double *x", "const unsigned short *x", "_Bool *x", "const _Bool *x", "void *x",
            "const void *x", "callback x", "void **x", "HND *x", "const HND *x", "char **x", "const char **x",
            "opaque **x", "int **x", "int x[]", "const int x[]", "int x[3]", "const int x[3]", "char x[]", "char x[3]",
            "const char x[]", "const char x[3]", "unsigned char x[]", "unsigned char x[3]", "const unsigned char x[]",
            "const unsigned char x[3]", "_Bool x[3]", "const _Bool x[]", "const double x[]",
        ]
    )
    func kinds(pointer: String) throws {
        let counters = Self.counters + ["int most", "short len", "unsigned char len", "float size", "size_t *size"]
        let behind = counters.enumerated().map { "int f\($0)(\(pointer), \($1))" }
        let others = [
            "int alone(\(pointer))", "int before(int n, \(pointer))",
            "int both(\(pointer), int len, \(pointer.replacing("x", with: "y")), int n)",
        ]
        let draft = try Self.draft(Self.types, behind + others)
        #expect(draft.report["refused"] == [], "\(draft.report)")
        #expect(draft.content["tools"]?.array?.count == counters.count + others.count)
        for tool in draft.content["tools"]?.array ?? [] {
            let parameters = tool["parameters"]?.array ?? []
            for parameter in parameters where parameter["count_of"] != nil {
                let counted = parameters.first { $0["name"] == parameter["count_of"] }?["type"]?.string ?? ""
                #expect(counted == "bytes" || counted == "text" || counted.hasSuffix("[]"), "\(tool)")
            }
        }
    }

    @Test(
        "the parameter in the declaration of an array is its counter",
        arguments: [
            (
                "int n, int v[n]",
                #"[{"name":"n","type":"i32"},{"name":"v","type":"i32[]","out":true,"capacity":{"of":"n"}}]"#
            ),
            ("int n, const int v[n]", #"[{"name":"n","type":"i32","count_of":"v"},{"name":"v","type":"i32[]"}]"#),
            (
                "int v[], int n",
                #"[{"name":"v","type":"i32[]","out":true,"capacity":{"of":"n"}},{"name":"n","type":"i32"}]"#
            ),
            ("const int v[], int n", #"[{"name":"v","type":"i32[]"},{"name":"n","type":"i32","count_of":"v"}]"#),
            (
                "size_t n, const double a[n], double out[n]",
                #"[{"name":"n","type":"u64","count_of":"a"},{"name":"a","type":"f64[]"},"#
                    + #"{"name":"out","type":"f64[]","out":true,"capacity":{"of":"a"}}]"#
            ),
            (
                "int n, const int a[static n], const int b[n]",
                #"[{"name":"n","type":"i32","count_of":"a"},{"name":"a","type":"i32[]"},"#
                    + #"{"name":"b","type":"pointer","value":null}]"#
            ),
            (
                "int n, unsigned char v[n]",
                #"[{"name":"n","type":"i32"},{"name":"v","type":"bytes","out":true,"capacity":{"of":"n"}}]"#
            ),
            (
                "int n, char v[n]",
                #"[{"name":"n","type":"i32"},{"name":"v","type":"text","out":true,"capacity":{"of":"n"}}]"#
            ),
        ]
    )
    func variable(parameters: String, expected: String) throws {
        let draft = try Self.draft("", ["int f(\(parameters))"])
        #expect(draft.tool("f")?["parameters"]?.text() == expected)
        #expect(!draft.questions("f").isEmpty)
    }
}
