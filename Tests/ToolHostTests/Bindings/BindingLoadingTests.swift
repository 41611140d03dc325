import Foundation
import TestSupport
import Testing
import ToolHost

/// Tests of bindings that a host loads or rejects.
@Suite("Loading of bindings", .inBothIsolations, .timeLimit(.minutes(10)))
struct BindingLoadingTests {
    @Test(
        "an invalid tool is reported with its place, and the other tools are offered",
        arguments: [
            (#""not an object""#, "tools[1] must be an object"),
            (#"{"symbol": "counters", "description": "", "returns": "i32"}"#, "tools[1].name is missing"),
            (#"{"name": 7, "description": "", "returns": "i32"}"#, "tools[1].name must be a string"),
            (#"{"name": "bad", "returns": "i32"}"#, "tools[1].description is missing"),
            (#"{"name": "bad", "description": "", "return": "i32"}"#, "tools[1].return is unknown here"),
            (#"{"name": "bad", "description": "", "returns": "int"}"#, "tools[1].returns is \"int\"; known are"),
            (
                #"{"name": "bad", "description": "", "parameters": {"name": "a"}, "returns": "i32"}"#,
                "tools[1].parameters must be an array"
            ),
            (#"{"name": "bad", "symbol": "no_such", "description": "", "returns": "i32"}"#, "has no function no_such"),
            (#"{"name": "bad", "description": "", "returns": "i32", "undecided": "?"}"#, "must be an array of strings"),
            (#"{"name": "bad", "description": "", "returns": "i32", "concurrent": 1}"#, "must be true or false"),
        ]
    )
    func offersOthers(tool: String, words: String) async throws {
        let good = #"{"name": "counters", "description": "", "returns": "i32"}"#
        let last = #"{"name": "counted", "symbol": "counters", "description": "", "returns": "i32"}"#
        let text =
            #"{"toolhost": 1, "plugin": {"name": "things"}, "library": "./libthings.so", "tools": [\#(good), \#(tool), \#(last)]}"#
        let fixture = try await HostFixture.make(BindingFixture.directory(text))
        #expect(fixture.breakage("things.tool.json") == nil)
        #expect(await fixture.call("counters")?.text == "0")
        #expect(await fixture.call("counted")?.text == "0")
        let report = try #require(fixture.host.plugins.first { $0.file.hasSuffix("things.tool.json") })
        #expect(report.problems.count == 1 && report.problems[0].contains(words), "\(report.problems)")
        #expect(report.problems[0].contains("number 2 is not offered"), "\(report.problems)")
    }

    @Test(
        "an invalid type is reported for the tools that use it, and the other tools are offered",
        arguments: [
            (
                #""a": {"struct": [{"name": "b", "type": "i32"}], "size": 8}"#,
                "types.a.size is 8, but its fields take 4 bytes on this machine"
            ),
            (#""a": {"enum": "f64", "values": {"b": 1}}"#, "types.a.enum must be the integer type"),
            (#""a": {"enum": "u8", "values": {"b": 256}}"#, "types.a.values.b must be an integer from 0 to 255"),
            (#""a": {"enum": "u8", "values": {}}"#, "types.a.values is empty"),
            (#""a": {"handel": null}"#, "types.a.handel is unknown here"),
            (#""a": 7"#, "types.a must be an object"),
            (#""a": {"struct": [{"name": "b", "type": "c"}], "size": 8}"#, "is \"c\"; known are"),
            (
                #""b": {"struct": [], "size": 0}, "a": {"struct": [{"name": "b", "type": "b"}], "size": 8}"#,
                "types.b.struct must have from 1 to 256 fields"
            ),
        ]
    )
    func offersOtherTypes(types: String, words: String) async throws {
        let text = BindingFixture.binding(
            ["counters": ("", #""i32""#), "status": (#"{"name": "code", "type": "a"}"#, #""i32""#)],
            types: "{\(types)}"
        )
        let fixture = try await HostFixture.make(BindingFixture.directory(text))
        #expect(await fixture.call("counters")?.text == "0")
        let report = try #require(fixture.host.plugins.first { $0.file.hasSuffix("things.tool.json") })
        #expect(report.problems.count == 1 && report.problems[0].contains(words), "\(report.problems)")
    }

    @Test(
        "a binding without a required part is not loaded",
        arguments: [
            ("", "It is not JSON"), ("[]", "It must be an object"), ("{}", "toolhost is missing"),
            (#"{"toolhost": 2}"#, "reads 1"), (#"{"toolhost": 1}"#, "plugin is missing"),
            (#"{"toolhost": 1, "plugin": {"name": "a"}}"#, "library is missing"),
            (#"{"toolhost": 1, "plugin": {"name": "a"}, "library": ""}"#, "\"library\" is empty"),
            (#"{"toolhost": 1, "plugin": {"name": "a"}, "library": "libm.so.6"}"#, "Has no tools"),
            (
                #"{"toolhost": 1, "plugin": {"name": "a"}, "library": "libm.so.6", "tools": [{"name": "b", "undecided": ["Who frees it?"]}]}"#,
                "it has one that is not decided yet"
            ),
            (BindingFixture.binding(library: "libnowhere.so.9"), "the library libnowhere.so.9"),
            (BindingFixture.binding(library: "./nowhere.so"), "It needs the library "),
            (
                #"{"toolhost": 1, "plugin": {"name": ""}, "library": "libm.so.6", "tools": [{"name": "exp", "description": "", "parameters": [{"name": "x", "type": "f64"}], "returns": "f64"}]}"#,
                "\"name\" must be"
            ),
        ]
    )
    func hasParts(text: String, words: String) async throws {
        let fixture = try await HostFixture.make(BindingFixture.directory(text))
        let reason = try #require(fixture.breakage("things.tool.json"))
        #expect(reason.contains(words), "\(reason)")
    }

    @Test(
        "a binding is not loaded if other users can write the file or its library",
        arguments: ["things.tool.json", "libthings.so"]
    )
    func isCode(name: String) async throws {
        let directory = try BindingFixture.directory()
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: directory.path + "/" + name)
        let reason = try #require(try await HostFixture.make(directory).breakage("things.tool.json"))
        #expect(reason.contains("chmod go-w"), "\(reason)")
    }
}
