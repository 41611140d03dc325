import TestSupport
import Testing
import ToolJSON

/// `toolhost bind` with the library `shapes`.
@Suite("Bind: drafts", .timeLimit(.minutes(10)))
struct BindTests {
    private let shapes: BindFixture

    init() throws { shapes = try BindFixture() }

    @Test(
        "a function that the header fully describes becomes a tool without questions",
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
        #expect(try shapes.draft().tool(name)?.text() == expected)
    }

    @Test("a draft has the values of enumerations and the layout of structures")
    func types() throws {
        let types = try shapes.draft().content["types"]
        #expect(types?["color"] == ["enum": "i32", "values": ["RED": 0, "GREEN": 5, "BLUE": 6]])
        #expect(types?["mode"] == ["enum": "i32", "values": ["OFF": -1, "ON": 4]])
        let fields: JSON = [["name": "x", "type": "f64"], ["name": "y", "type": "f64"]]
        #expect(types?["point"] == ["struct": fields, "size": 16])
    }

    @Test(
        "a question with a proposal is drafted for each fact that the header does not express",
        arguments: [
            ("counter_new", "returns", #"{"type":"counter","fails":"null"}"#, ["which the caller must close"]),
            ("counter_free", "parameters", #"[{"name":"c","type":"counter","closes":true}]"#, ["Does it close"]),
            (
                "divide", "returns", #"{"type":"i32","fails":"nonzero"}"#,
                ["Does the function write quotient (int *)", "report a failure"]
            ),
            (
                "total", "parameters",
                #"[{"name":"values","type":"i32[]"},{"name":"count","type":"u64","count_of":"values"}]"#,
                ["Is values (const int *) an array, and does count count its elements?"]
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
                ["to a new handle, which the caller must close?", "report a failure"]
            ),
            (
                "fame", "parameters", #"[{"name":"name","type":"text"}]"#,
                ["Can name be any text? The header has a special type for it, name_t."]
            ),
            (
                "nickname", "returns", #"{"type":"text","owner":"library"}"#,
                ["Does it return an ordinary text? The header has a special type for it, name_t."]
            ),
        ] as [(String, String, String?, [String])]
    )
    func uncertain(name: String, member: String, proposal: String?, questions: [String]) throws {
        let tool = try #require(shapes.draft().tool(name))
        #expect(tool[member]?.text() == proposal)
        let asked = (tool["undecided"]?.array ?? []).compactMap(\.string)
        #expect(asked.count == questions.count, "\(asked)")
        for (question, asked) in zip(questions, asked) { #expect(asked.contains(question)) }
    }

    @Test("the report has the outcome and the reason for every function")
    func report() throws {
        let draft = try shapes.draft()
        let report = draft.report
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
                "print is variadic, and such a function cannot be called safely",
                "vprint takes a va_list, which only C code can create",
                "quit does not return normally",
                "precise uses long double, which toolhost does not support",
                "choose uses union either, which toolhost does not support",
                "raw returns a pointer to a type that toolhost does not support",
            ]
        )
        // Functions that are hidden or internal to the library are not drafted.
        #expect(draft.tool("hidden") == nil && draft.tool("_internal") == nil)
        #expect(report["functions"]?.int == offered.count + (report["undecided"]?.array?.count ?? 0) + refusals.count)
    }

    @Test("an existing path of a header, absolute or relative, is read as that file")
    func paths() throws {
        try shapes.directory.directory("headers")
        try shapes.directory.file("headers/only.h", "int age(void *p);\nint64_t add(int64_t a, int b);\n".utf8)
        var command = shapes.command("bind", shapes.library, "--header", "stdint.h", "--header", "headers/only.h")
        command.shell = "cd '\(shapes.directory.path)' && exec \"$@\""
        let result = try command.run()
        #expect(result.status == 0 && result.errors.contains("2 functions\n     1 tool\n"), "\(result.errors)")
    }
}
