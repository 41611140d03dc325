import Testing
import ToolJSON

@testable import ToolBinding

@Suite("Drafts of tools") struct ToolDraftTests {
    private func draft(
        _ function: Declarations.Function,
        _ change: (inout Declarations) -> Void = { _ in }
    ) throws -> (draft: ToolDraft, types: JSONObject) {
        var declarations = Declarations()
        declarations.functions = [function]
        declarations.aliases = ["size_t": .scalar("u64")]
        change(&declarations)
        var types = TypeDrafts(declarations)
        let draft = try ToolDraft(
            function,
            declarations,
            page: nil,
            types: &types,
            closers: Closers(declarations, exported: Set(declarations.functions.map(\.symbol)))
        )
        return (draft, types.types)
    }

    @Test(
        "a parameter is drafted by its type, its name and the next parameter",
        arguments: [
            ([("int", "a")], #"[{"name":"a","type":"i32"}]"#, 0),
            ([("int", "")], #"[{"name":"value","type":"i32"}]"#, 0),
            ([("int", "a"), ("int", "a")], #"[{"name":"a","type":"i32"},{"name":"a2","type":"i32"}]"#, 0),
            ([("const char *", "name")], #"[{"name":"name","type":"text"}]"#, 0),
            ([("char *", "out")], #"[{"name":"out","type":"text","out":true,"capacity":4096}]"#, 1),
            (
                [("const unsigned char *", "data"), ("size_t", "length")],
                #"[{"name":"data","type":"bytes"},{"name":"length","type":"u64","count_of":"data"}]"#, 1
            ),
            (
                [("const double *", "values"), ("int", "count")],
                #"[{"name":"values","type":"f64[]"},{"name":"count","type":"i32","count_of":"values"}]"#, 1
            ),
            ([("int *", "result")], #"[{"name":"result","type":"i32","out":true}]"#, 1),
            ([("const int *", "value")], #"[{"name":"value","type":"i32","by":"pointer"}]"#, 1),
            (
                [("void *", "context"), ("int", "n")],
                #"[{"name":"context","type":"pointer","value":null},{"name":"n","type":"i32"}]"#, 1
            ),
            (
                [("void *", "buffer"), ("size_t", "size")],
                #"[{"name":"buffer","type":"bytes","out":true,"capacity":65536},"#
                    + #"{"name":"size","type":"u64","count_of":"buffer"}]"#,
                1
            ),
            ([("int (*)(int)", "visit")], #"[{"name":"visit","type":"pointer","value":null}]"#, 1),
        ] as [([(String, String)], String, Int)]
    )
    func parameters(parameters: [(String, String)], expected: String, questions: Int) throws {
        let (draft, _) = try draft(.fixture("f", parameters: parameters, result: "void"))
        #expect(draft.members["parameters"]?.text() == expected)
        #expect(draft.questions.count == questions, "\(draft.questions)")
    }

    @Test(
        "a result is drafted by its type",
        arguments: [
            ("void", nil, 0), ("double", #""f64""#, 0), ("const char *", #""text""#, 0),
            ("char *", #"{"type":"text","owner":"library"}"#, 1),
            ("struct thing *", #"{"type":"thing","fails":"null"}"#, 1),
        ] as [(String, String?, Int)]
    )
    func results(result: String, expected: String?, questions: Int) throws {
        let (draft, _) = try draft(.fixture("f", result: result))
        #expect(draft.members["returns"]?.text() == expected)
        #expect(draft.questions.count == questions, "\(draft.questions)")
    }

    @Test("a function with outputs asks whether its result reports a failure")
    func status() throws {
        let (draft, _) = try draft(.fixture("f", parameters: [("int *", "result")]))
        #expect(draft.members["returns"] == ["type": "i32", "fails": "nonzero", "name": "returned"])
        #expect(draft.questions.last?.contains("report a failure") == true)
    }

    @Test("a function that closes a handle is proposed for its type")
    func handles() throws {
        let close = Declarations.Function.fixture("thing_close", parameters: [("struct thing *", "t")], result: "void")
        let (draft, types) = try draft(close)
        #expect(draft.members["parameters"] == [["name": "t", "type": "thing", "closes": true]])
        #expect(types["thing"]?["handle"] == "thing_close")
        #expect(types["thing"]?["undecided"]?.array?.count == 1)
    }

    @Test("an enumeration has the smallest list of values and the integer type of its size")
    func enumerations() throws {
        let function = Declarations.Function.fixture("f", parameters: [("enum flags", "a")])
        let (_, types) = try draft(function) { declarations in
            declarations.enumerations["enum flags"] = [.init(name: "A", value: 1), .init(name: "B", value: 1 << 31)]
            declarations.layouts["enum flags"] = .init(size: 4, alignment: 4)
        }
        #expect(types["flags"] == ["enum": "u32", "values": ["A": 1, "B": 2_147_483_648]])
    }

    @Test(
        "a function that cannot be called is refused with the reason",
        arguments: [
            ("union either", "uses union either, which toolhost does not support"),
            ("struct unknown", "uses struct unknown, whose layout toolhost does not support"),
            ("struct packed", "uses struct packed, whose layout differs from the layout of its fields alone"),
            ("enum unknown", "uses enum unknown, whose values are not in the header"),
            ("struct __va_list_tag *", "takes a va_list, which only C code can create"),
        ]
    )
    func refusals(type: String, reason: String) {
        do {
            _ = try draft(.fixture("f", parameters: [(type, "a")])) { declarations in
                declarations.structures["struct packed"] = .init(
                    fields: [("c", .scalar("i8")), ("i", .scalar("i32"))],
                    isPlain: true
                )
                declarations.layouts["struct packed"] = .init(size: 5, alignment: 1, offsets: [0, 1])
            }
            Issue.record("no error")
        } catch {
            #expect((error as? TypeDrafts.Unsupported)?.reason == reason)
        }
    }

    @Test("the description is the comment, or the declaration if there is none")
    func descriptions() throws {
        #expect(try draft(.fixture("f", comment: "Adds.")).draft.members["description"] == "Adds.")
        #expect(try draft(.fixture("f")).draft.members["description"] == "The C function int f()")
    }
}
