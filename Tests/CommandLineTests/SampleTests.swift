import Foundation
import TestSupport
import Testing
import ToolJSON

/// The plugins that are installed with toolhost, as built.
@Suite("The samples", .timeLimit(.minutes(10)))
struct SampleTests {
    private let directory: FixtureDirectory

    init() throws {
        directory = try FixtureDirectory()
        for name in ["Weather", "Arithmetic"] {
            try FileManager.default.copyItem(atPath: BuiltProducts.plugin(name), toPath: "\(directory.path)/\(name).so")
        }
    }

    @Test("the samples are offered to Ollama with the schemas of their authors")
    func ollama() throws {
        let tools = try Command("list", "--ollama", plugins: directory).run().json.array ?? []
        let weather = tools.filter { $0[pointer: "/function/name"]?.string?.hasPrefix("get_") == true }
        #expect(
            JSON.array(weather).text() == """
                [{"type":"function","function":{"name":"get_conditions","description":"Get the current weather \
                conditions for a city","parameters":{"type":"object","required":["city"],"properties":{"city":\
                {"type":"string","description":"The name of the city"}}}}},\
                {"type":"function","function":{"name":"get_temperature","description":"Get the current temperature \
                for a city","parameters":{"type":"object","required":["city"],"properties":{"city":{"type":"string",\
                "description":"The name of the city"}}}}}]
                """
        )
        #expect(tools.allSatisfy { $0[pointer: "/function/toolhost"] == nil })
    }

    @Test("the samples return the results of the calls in a message")
    func dispatch() throws {
        let input = """
            {"message":{"role":"assistant","tool_calls":[{"type":"function","function":{"index":0,\
            "name":"get_temperature","arguments":{"city":"New York"}}},{"function":{"name":"get_conditions",\
            "arguments":{"city":"London"}}},{"function":{"name":"nope","arguments":{}}}]}}
            """
        let messages = try Command("dispatch", plugins: directory, input: input).run().json
        #expect(messages[pointer: "/0/content"] == "22C")
        #expect(messages[pointer: "/1/content"] == "Rainy")
        #expect(messages[pointer: "/2/content"]?.string?.hasPrefix("Tool nope not found") == true)
    }

    @Test("the samples pass their examples, and every tool has some")
    func examples() throws {
        let report = try Command("test", "--json", plugins: directory).run()
        #expect(report.status == 0, "\(report.output)")
        #expect(try report.json["without_examples"] == [])
    }

    @Test("the arithmetic sample adds and multiplies in two rounds")
    func rounds() throws {
        let result = try Command("chat", "-m", "rehearsal", "What is (11434+12341)*412?", plugins: directory).run()
        #expect(result.status == 0)
        #expect(result.output.contains("9795300"))
        let calls = result.errors.split(separator: "\n").filter { $0.hasPrefix("→ ") }
        #expect(calls == ["→ add(a: 11434, b: 12341)", "→ multiply(a: 23775, b: 412)"])
    }
}
