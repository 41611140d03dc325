import Foundation
import TestSupport
import Testing
import ToolHost
import ToolJSON
import ToolPlugin

@Suite("The registry")
struct RegistryTests {
    private func hosts(_ directory: FixtureDirectory, explicit: [String], other: [String]) async throws -> ToolHost {
        var configuration = HostConfiguration()
        configuration.isolation = .inProcess
        for name in explicit { configuration.searchPath.add(directory.path + "/" + name, isExplicit: true) }
        for name in other { configuration.searchPath.add(directory.path + "/" + name) }
        let host = ToolHost(configuration)
        try await host.loadPlugins()
        return host
    }

    private func plugin(_ plugin: String, _ tool: String, says text: String) -> String {
        FixtureSource.tool(
            tool,
            manifest: #"{"name":"\#(plugin)"}"#,
            body: "return tool_reply(call, tool_text(\(FixtureSource.literal(text))));"
        )
    }

    @Test("the host counts a file once if it is found several times")
    func countsOnce() async throws {
        let directory = try FixtureDirectory()
        for name in ["a", "b"] { try directory.directory(name) }
        try directory.plugin("a/x.so", FixtureSource.healthy)
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/b/y.so",
            withDestinationPath: directory.path + "/a/x.so"
        )
        let host = try await hosts(directory, explicit: [], other: ["a", "b", "a/x.so"])
        #expect(host.plugins.count == 1)
        #expect(host.plugins.allSatisfy { !$0.needsAttention })
        #expect(host.tools.map(\.name) == ["echo", "repeat"])
    }

    @Test("the host prefers the plugin that was named for this run")
    func prefersExplicit() async throws {
        let directory = try FixtureDirectory()
        for name in ["a", "b"] { try directory.directory(name) }
        try directory.plugin("a/x.so", plugin("same", "tell", says: "installed"))
        try directory.plugin("b/x.so", plugin("same", "tell", says: "named"))
        let host = try await hosts(directory, explicit: ["b"], other: ["a"])
        #expect(await host.dispatch([ToolCall(name: "tell")]).results.map(\.text) == ["named"])
        #expect(host.plugins.last?.state == .shadowed(by: directory.path + "/b/x.so"))
    }

    @Test("the host offers neither of two plugins that claim a name, and reports both files", arguments: [true, false])
    func offersNeither(samePlugin: Bool) async throws {
        let directory = try FixtureDirectory()
        for name in ["a", "b"] { try directory.directory(name) }
        try directory.plugin("a/x.so", plugin("one", "tell", says: "x"))
        try directory.plugin("b/y.so", plugin(samePlugin ? "one" : "two", "tell", says: "y"))
        let host = try await hosts(directory, explicit: [], other: ["a", "b"])
        #expect(host.tools.isEmpty)
        #expect(host.plugins.allSatisfy { $0.needsAttention })
        let words = host.plugins.map { report in
            if case .contested(let reason) = report.state { reason } else { report.problems.joined() }
        }
        #expect(words[0].contains("b/y.so") && words[1].contains("a/x.so"))
    }

    @Test("the host sorts tools by name")
    func sorts() async throws {
        let fixture = try await HostFixture.make([
            "z": plugin("z", "alpha", says: ""), "a": plugin("a", "omega", says: ""),
        ])
        #expect(fixture.host.tools.map(\.name) == ["alpha", "omega"])
    }

    struct get_weather: ProgramTool {
        func execute(_ arguments: JSONObject) async throws -> ToolReply { .json(.object(arguments)) }
    }

    struct Named: ProgramTool {
        let schema: JSONObject
        func execute(_ arguments: JSONObject) async throws -> ToolReply { "ok" }
    }

    @Test("the host adds a name, a description and parameters to a tool of the program that has none")
    func fillsIn() async throws {
        let host = ToolHost()
        try host.register(Tool(get_weather()))
        let schema = try #require(host.tool(named: "get_weather")?.schema)
        #expect(
            JSON.object(schema).text()
                == #"{"name":"get_weather","description":"","parameters":{"type":"object","properties":{},"required":[]}}"#
        )
        let answers = await host.dispatch([ToolCall(name: "get_weather", arguments: ["a": 1])]).results
        #expect(answers.map(\.text) == [#"{"a":1}"#])
    }

    @Test("the host refuses a tool of the program whose name is taken or invalid")
    func refuses() throws {
        let host = ToolHost()
        try host.register(Tool(Named(schema: ["name": "one"])))
        #expect(throws: ToolHostError.self) { try host.register(Tool(Named(schema: ["name": "one"]))) }
        #expect(throws: ToolHostError.self) { try host.register(Tool(Named(schema: ["name": "two words"]))) }
        #expect(host.tools.map(\.name) == ["one"])
    }

    @Test("the host offers all tools of a source or none of them", arguments: ["one", "two", "two words"])
    func registersAll(second: String) throws {
        let host = ToolHost()
        try host.register(Tool(Named(schema: ["name": "one"])))
        #expect(throws: ToolHostError.self) { try host.register(ScriptedSource("two", second)) }
        #expect(host.tools.map(\.name) == ["one"])
        try host.register(ScriptedSource("two", "three"))
        #expect(host.tools.map(\.name) == ["one", "three", "two"])
    }
}
