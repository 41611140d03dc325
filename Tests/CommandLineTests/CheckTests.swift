import Foundation
import TestSupport
import Testing
import ToolJSON

/// `toolhost check`, and the use of a draft after it.
@Suite("The verb check", .timeLimit(.minutes(10)))
struct CheckTests {
    private let shapes: BindFixture

    init() throws { shapes = try BindFixture() }

    @Test("a drafted binding offers its decided tools beside the library that it was made from")
    func decided() throws {
        let file = shapes.directory.path + "/shapes.tool.json"
        let result = try shapes.command(
            "bind",
            shapes.library,
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
        for words in [
            "1 tool: add\n", "1 type not decided:", "4 tools not decided:", "Which function closes a counter?",
        ] {
            #expect(checked.output.contains(words), "\(checked.output)")
        }

        draft = draft.removing("undecided")
        try Data(draft.bytes()).write(to: URL(filePath: file))
        let report = try Command("check", file, "--json").run()
        #expect(report.status == 0, "\(report.output)")
        #expect(try report.json["undecided"] == [] && report.json["types"] == [])
        let sum = try Command("call", "add", #"{"a":2,"b":40}"#, plugins: shapes.directory).run()
        #expect(sum.output == "42\n", "\(sum.errors)")
        let quotient = try Command("call", "divide", #"{"a":84,"b":2}"#, plugins: shapes.directory).run()
        #expect(try quotient.json == ["quotient": 42], "\(quotient.errors)")
        let failed = try Command("call", "divide", #"{"a":84,"b":0}"#, plugins: shapes.directory).run()
        #expect(failed.status == 1 && failed.errors.contains("divide failed"), "\(failed.errors)")
        let none = try Command("call", "counter_new", #"{"start":-1}"#, plugins: shapes.directory).run()
        #expect(none.status == 1, "\(none.output)")
    }

    @Test(
        "check refuses an invalid binding with the reason",
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
                    + #""tools":[{"name":"a","description":"A"}]}"#, "libnowhere.so.9: cannot open shared object file"
            ),
        ]
    )
    func refused(content: String, message: String) throws {
        let file = try shapes.directory.file("x.tool.json", content.replacing("$", with: shapes.directory.path).utf8)
        let result = try Command("check", file).run()
        #expect(result.status == 4 && (result.output + result.errors).contains(message), "\(result)")
    }

    @Test("check exits with 74 if the file does not exist")
    func missing() throws {
        let result = try Command("check", shapes.directory.path + "/none.tool.json").run()
        #expect(result.status == 74 && result.errors.contains("/none.tool.json: Cannot be opened"), "\(result)")
    }
}
