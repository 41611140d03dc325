import Foundation
import TestSupport
import Testing
import ToolJSON

/// `toolhost bind` and `toolhost check`, over libraries made here.
@Suite("A draft of a binding", .timeLimit(.minutes(10)))
struct BindTests {
    private let folder: FixtureFolder
    private let library: String

    private static let header = """
        #include <stdarg.h>
        #include <stddef.h>
        #include <stdint.h>
        enum color { RED, GREEN = 5, BLUE };
        typedef enum { OFF = -1, ON = 1 << 2 } mode;
        typedef struct { double x, y; } point;
        typedef struct { const char *name; int age; } person;
        typedef struct counter counter;
        typedef const char *name_t;
        typedef unsigned char byte_t;
        union either { int i; float f; };

        /* Add two whole numbers.  Nothing else happens. */
        int64_t add(int64_t __a, int32_t b);
        // Says what a color
        // is called.
        name_t color_name(enum color color);
        mode flip(mode m);
        double length(point p);
        _Bool negate(_Bool value);
        unsigned short narrow(unsigned char a, short b, unsigned long c, float d);
        void nothing(void);

        counter *counter_new(int start);  /* an end of a line describes no other line */
        int counter_next(counter *counter /* the one to move on */);
        void counter_free(counter *c);

        int divide(int a, int b, int *quotient);
        /**
         * @brief The sum of an array. And more.
         */
        long total(const int *values, size_t count);
        unsigned checksum(const byte_t *data, size_t length);
        void greet(char *buffer, size_t size);
        void each(int (*visit)(int), int times);
        char *copy(const char *text);
        void free_text(const char *text);
        void put_point(const point *p);
        void get_point(point *p);
        int age(person *p);
        int open_counter(const char *name, counter **result);
        double after(double);
        /* What stands below a declaration describes it where nothing stands above. */

        int print(const char *format, ...);
        int vprint(const char *format, va_list list);
        void quit(int code) __attribute__((noreturn));
        long double precise(long double x);
        union either choose(int which);
        void *raw(int size);
        int _internal(int a);
        int hidden(int a);
        """

    private static let source = """
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include "shapes.h"
        struct counter { int value; };
        int64_t add(int64_t a, int32_t b) { return a + b; }
        name_t color_name(enum color c) { return c == RED ? "red" : c == GREEN ? "green" : "blue"; }
        mode flip(mode m) { return m == ON ? OFF : ON; }
        double length(point p) { return p.x * p.x + p.y * p.y; }
        _Bool negate(_Bool value) { return !value; }
        unsigned short narrow(unsigned char a, short b, unsigned long c, float d) { return a + b + c + d; }
        void nothing(void) {}
        counter *counter_new(int start) {
            counter *c = start < 0 ? NULL : malloc(sizeof *c);
            if (c) c->value = start;
            return c;
        }
        int counter_next(counter *c) { return ++c->value; }
        void counter_free(counter *c) { free(c); }
        int divide(int a, int b, int *quotient) { return b == 0 ? 7 : (*quotient = a / b, 0); }
        long total(const int *v, size_t n) { long t = 0; for (size_t i = 0; i < n; i++) t += v[i]; return t; }
        unsigned checksum(const byte_t *d, size_t n) { unsigned s = 0; while (n--) s += *d++; return s; }
        void greet(char *buffer, size_t size) { snprintf(buffer, size, "hello"); }
        void each(int (*visit)(int), int times) { for (int i = 0; i < times; i++) visit(i); }
        char *copy(const char *text) { return strdup(text); }
        void free_text(const char *text) { free((void *)text); }
        void put_point(const point *p) { (void)p; }
        void get_point(point *p) { p->x = 1; p->y = 2; }
        int age(person *p) { return p->age; }
        int open_counter(const char *name, counter **result) { *result = counter_new(strlen(name)); return 0; }
        double after(double x) { return x; }
        int print(const char *format, ...) { return *format; }
        int vprint(const char *format, va_list list) { (void)list; return *format; }
        void quit(int code) { exit(code); }
        long double precise(long double x) { return x; }
        union either choose(int which) { return (union either){which}; }
        void *raw(int size) { return malloc(size); }
        int _internal(int a) { return a; }
        __attribute__((visibility("hidden"))) int hidden(int a) { return a; }
        """

    init() throws {
        folder = try FixtureFolder()
        try folder.file("shapes.h", Self.header.utf8)
        library = try folder.plugin("libshapes.so", Self.source, flags: ["-I", folder.path])
    }

    /// A run in the environment that has a clang.
    private func command(_ arguments: String...) -> Command {
        var command = Command()
        command.arguments = arguments
        command.environment["PATH"] = ProcessInfo.processInfo.environment["PATH"]
        return command
    }

    /// The draft of a library.
    private func draft() throws -> JSON {
        let result = try command("bind", library).run()
        #expect(result.status == 0, "\(result.errors)")
        return try result.json
    }

    private func tool(_ name: String, of draft: JSON) -> JSON? {
        draft["tools"]?.array?.first { $0["name"]?.string == name }
    }

    // MARK: - What a header tells

    @Test(
        "takes what is certain as it is",
        arguments: [
            (
                "add",
                #"{"name":"add","description":"Add two whole numbers.","parameters":[{"name":"a","type":"i64"},"#
                    + #"{"name":"b","type":"i32"}],"returns":"i64"}"#
            ),
            (
                "color_name",
                #"{"name":"color_name","description":"Says what a color is called.","parameters":"#
                    + #"[{"name":"color","type":"color"}],"returns":"text"}"#
            ),
            (
                "flip",
                #"{"name":"flip","description":"The C function mode flip(mode)","parameters":"#
                    + #"[{"name":"m","type":"mode"}],"returns":"mode"}"#
            ),
            (
                "length",
                #"{"name":"length","description":"The C function double length(point)","parameters":"#
                    + #"[{"name":"p","type":"point"}],"returns":"f64"}"#
            ),
            (
                "narrow",
                #"{"name":"narrow","description":"The C function unsigned short narrow(unsigned char, short, "#
                    + #"unsigned long, float)","parameters":[{"name":"a","type":"u8"},{"name":"b","type":"i16"},"#
                    + #"{"name":"c","type":"u64"},{"name":"d","type":"f32"}],"returns":"u16"}"#
            ),
            ("nothing", #"{"name":"nothing","description":"The C function void nothing(void)"}"#),
            (
                "after",
                #"{"name":"after","description":"What stands below a declaration describes it where nothing stands "#
                    + #"above.","parameters":[{"name":"value","type":"f64"}],"returns":"f64"}"#
            ),
        ]
    )
    func certain(name: String, expected: String) throws {
        #expect(try tool(name, of: draft())?.text() == expected)
    }

    @Test("knows the values of enumerations and the layout of structures")
    func types() throws {
        let types = try draft()["types"]
        #expect(types?["color"] == ["enum": "i32", "values": ["RED": 0, "GREEN": 5, "BLUE": 6]])
        #expect(types?["mode"] == ["enum": "i32", "values": ["OFF": -1, "ON": 4]])
        let fields: JSON = [["name": "x", "type": "f64"], ["name": "y", "type": "f64"]]
        #expect(types?["point"] == ["struct": fields, "size": 16])
    }

    @Test(
        "asks what only a person knows, and proposes",
        arguments: [
            ("counter_new", "returns", #"{"type":"counter","fails":"null"}"#, ["the caller's to close"]),
            ("counter_free", "parameters", #"[{"name":"c","type":"counter","closes":true}]"#, ["Does it close"]),
            (
                "divide", "returns", #"{"type":"i32","fails":"nonzero"}"#,
                ["Is quotient (int *) written by the function", "whether it failed"]
            ),
            (
                "total", "parameters",
                #"[{"name":"values","type":"i32[]"},{"name":"count","type":"u64"}]"#,
                ["Is values (const int *) an array"]
            ),
            (
                "checksum", "parameters",
                #"[{"name":"data","type":"bytes"},{"name":"length","type":"u64","count_of":"data"}]"#,
                ["and does length count its bytes?"]
            ),
            (
                "greet", "parameters",
                #"[{"name":"buffer","type":"text","out":true,"capacity":4096},"#
                    + #"{"name":"size","type":"u64","count_of":"buffer"}]"#,
                ["how many bytes are enough"]
            ),
            (
                "each", "parameters",
                #"[{"name":"visit","type":"pointer","value":null},{"name":"times","type":"i32"}]"#,
                ["What is visit (int (*)(int)) called for?"]
            ),
            ("copy", "returns", #"{"type":"text","owner":"library"}"#, ["Who frees the text that it returns"]),
            ("free_text", "returns", nil, ["Does it free text (const char *)"]),
            (
                "put_point", "parameters", #"[{"name":"p","type":"point","by":"pointer"}]"#,
                ["that is read, and not kept?"]
            ),
            ("get_point", "parameters", #"[{"name":"p","type":"point","out":true}]"#, ["that the function fills"]),
            (
                "open_counter", "parameters",
                #"[{"name":"name","type":"text"},{"name":"result","type":"counter","out":true}]"#,
                ["to a new handle, which is the caller's to close?", "whether it failed"]
            ),
        ] as [(String, String, String?, [String])]
    )
    func uncertain(name: String, member: String, proposal: String?, questions: [String]) throws {
        let tool = try #require(try tool(name, of: draft()))
        #expect(tool[member]?.text() == proposal)
        let asked = (tool["undecided"]?.array ?? []).compactMap(\.string)
        #expect(asked.count == questions.count, "\(asked)")
        for (question, asked) in zip(questions, asked) { #expect(asked.contains(question)) }
    }

    @Test("says of every function what became of it, and why")
    func report() throws {
        let output = folder.path + "/shapes.tool.json"
        let result = try command("bind", library, "-o", output, "--json").run()
        #expect(result.status == 0, "\(result.errors)")
        let report = try result.json
        let offered = ["add", "color_name", "flip", "length", "negate", "narrow", "nothing", "after"]
        #expect(report["tools"] == .array(offered.map(JSON.string)))
        let types = report["types"]?.array ?? []
        #expect(types.compactMap { $0["name"]?.string } == ["counter", "person"])
        #expect(types.first?["questions"]?.array?.first?.string?.contains("it may be counter_free.") == true)
        let waiting = report["undecided"]?.array?.first { $0["name"] == "counter_next" }
        #expect(waiting?["questions"] == ["Its type counter is not decided."])
        let refusals = (report["refused"]?.array ?? []).map { refusal in
            "\(refusal["name"]?.string ?? "") \(refusal["reason"]?.string ?? "")"
        }
        #expect(
            refusals == [
                "print takes a variable number of arguments, which cannot be called safely",
                "vprint takes a va_list, which only C can make",
                "quit does not return as other functions do",
                "precise has long double, which toolhost does not pass",
                "choose has union either, which toolhost does not pass",
                "raw returns a pointer that toolhost cannot look at",
            ]
        )
        // Neither what is hidden nor what is the library's own.
        #expect(!result.output.contains("hidden") && !result.output.contains("_internal"))
        #expect(report["functions"]?.int == offered.count + (report["undecided"]?.array?.count ?? 0) + refusals.count)
    }

    // MARK: - What is done with it

    @Test("offers what is decided: tools, handles and failures, beside the library that it came from")
    func decided() throws {
        let file = folder.path + "/shapes.tool.json"
        let result = try command(
            "bind",
            library,
            "add",
            "counter_new",
            "counter_next",
            "counter_free",
            "divide",
            "-o",
            file
        ).run()
        #expect(result.status == 0 && result.errors.contains("     1 tool\n"), "\(result.errors)")
        var draft = try JSON(parsing: Data(contentsOf: URL(filePath: file)))
        #expect(draft["library"] == "./libshapes.so")

        let checked = try Command("check", file).run()
        #expect(checked.status == 0, "\(checked.errors)")
        for words in ["1 tools: add", "1 types not decided", "4 tools not decided", "Which function closes a counter?"]
        {
            #expect(checked.output.contains(words), "\(checked.output)")
        }

        draft = draft.removing("undecided")
        try Data(draft.bytes()).write(to: URL(filePath: file))
        let report = try Command("check", file, "--json").run()
        #expect(report.status == 0, "\(report.output)")
        #expect(try report.json["undecided"] == [] && report.json["types"] == [])
        let sum = try Command("call", "add", #"{"a":2,"b":40}"#, plugins: folder).run()
        #expect(sum.output == "42\n", "\(sum.errors)")
        let quotient = try Command("call", "divide", #"{"a":84,"b":2}"#, plugins: folder).run()
        #expect(try quotient.json == ["quotient": 42], "\(quotient.errors)")
        let failed = try Command("call", "divide", #"{"a":84,"b":0}"#, plugins: folder).run()
        #expect(failed.status == 1 && failed.errors.contains("divide failed"), "\(failed.errors)")
        let none = try Command("call", "counter_new", #"{"start":-1}"#, plugins: folder).run()
        #expect(none.status == 1, "\(none.output)")
    }

    @Test("is not written over what is there")
    func keepsFiles() throws {
        let file = try folder.file("mine.tool.json", "mine".utf8)
        let refused = try command("bind", library, "-o", file).run()
        #expect(refused.status == 64 && refused.errors.contains("--force replaces it"), "\(refused.errors)")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
        #expect(try command("bind", library, "-o", file, "--force").run().status == 0)
        #expect(try String(contentsOfFile: file, encoding: .utf8).contains("counter_new"))
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!left.contains { $0.hasSuffix(".new") }, "\(left)")
    }

    // MARK: - What cannot be drafted

    @Test(
        "says what is missing, and where to get it",
        arguments: [
            (["no_such_library"], 64, "There is no library no_such_library in "),
            (["/nowhere/libshapes.so"], 64, "/nowhere/libshapes.so: Cannot be opened"),
            (["$/shapes.h"], 64, "Is not a shared library"),
            (["$/cut.so"], 64, "Is cut off"),
            (["$/libshapes.so", "--header", "$/nowhere.h"], 74, "'"),
            (["$/libshapes.so", "--header", "$/broken.h"], 74, "expected"),
            (["$/libshapes.so", "--header", "$/empty.h"], 64, "None of the 0 functions"),
            (["$/libshapes.so", "no_such_function"], 64, "The header declares no function no_such_function."),
            (["$/libshapes.so", "hidden"], 64, "exports no function hidden."),
            (["$/libnameless.so"], 74, "none of nameless.h, "),
            (["$/libshapes.so", "-o", "$/shapes.json"], 64, "must end in .tool.json"),
            (["$/libshapes.so", "-o", "$/none/shapes.tool.json"], 74, "cannot be written: No such file"),
            (["$/libshapes.so", "--json"], 64, "give -o FILE too"),
        ]
    )
    func failures(words: [String], status: Int32, message: String) throws {
        let bytes = try Data(contentsOf: URL(filePath: library))
        try folder.file("cut.so", bytes.prefix(bytes.count / 2))
        try folder.file("libnameless.so", bytes)
        try folder.file("broken.h", "int add(int a, int b;\n".utf8)
        try folder.file("empty.h", [])
        var command = command()
        command.arguments = ["bind"] + words.map { $0.replacing("$", with: folder.path) }
        let result = try command.run()
        #expect(result.status == status && result.errors.contains(message), "\(result.status) \(result.errors)")
        #expect(result.output == "")
    }

    @Test("needs a clang, and says how to get one")
    func needsClang() throws {
        var command = command("bind", library)
        command.environment["PATH"] = folder.path
        let result = try command.run()
        #expect(result.status == 74 && result.errors.contains("apt-get install clang"), "\(result.errors)")
    }

    @Test(
        "is refused by check where it is no good",
        arguments: [
            (#"{"tools": []}"#, "toolhost is missing"),
            ("{", "It is not JSON"),
            (
                #"{"toolhost":1,"plugin":{"name":"x"},"library":"$/libshapes.so","tools":[{"name":"a","description":"A","#
                    + #""undecided":["Why?"]}]}"#, "Offers no tool: it has one that is not decided yet."
            ),
            (
                #"{"toolhost":1,"plugin":{"name":"x"},"library":"$/libshapes.so","tools":[{"name":"a","description":"A"},"#
                    + #"{"name":"nothing","description":"N"}]}"#, "has no function a."
            ),
            (
                #"{"toolhost":1,"plugin":{"name":"x"},"library":"libnowhere.so.9","#
                    + #""tools":[{"name":"a","description":"A"}]}"#, "libnowhere.so.9"
            ),
        ]
    )
    func refused(content: String, message: String) throws {
        let file = try folder.file("x.tool.json", content.replacing("$", with: folder.path).utf8)
        let result = try Command("check", file).run()
        #expect(result.status == 4 && (result.output + result.errors).contains(message), "\(result)")
    }
}

extension JSON {
    /// The value without any member of that name.
    fileprivate func removing(_ name: String) -> JSON {
        if let object {
            return .object(JSONObject(object.filter { $0.key != name }.map { ($0.key, $0.value.removing(name)) }))
        }
        return array.map { .array($0.map { $0.removing(name) }) } ?? self
    }
}
