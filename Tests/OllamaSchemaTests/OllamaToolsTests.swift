import OllamaSchema
import Testing
import ToolJSON

@Suite("The tools of a request")
struct OllamaToolsTests {
    private func tool(_ function: String) throws -> String {
        OllamaTools.tool(for: try #require(try JSON(parsing: function).object)).text()
    }

    @Test("a schema keeps its order and loses the host's own key")
    func order() throws {
        let function =
            #"{"name":"get_temperature","description":"Get the current temperature for a city","toolhost":{"timeout":5},"#
            + #""parameters":{"type":"object","required":["city"],"properties":{"city":{"type":"string","#
            + #""description":"The name of the city"}}}}"#
        #expect(
            try tool(function) == #"{"type":"function","function":{"name":"get_temperature","#
                + #""description":"Get the current temperature for a city","parameters":{"type":"object","#
                + #""required":["city"],"properties":{"city":{"type":"string","description":"The name of the city"}}}}}"#
        )
    }

    @Test(
        "missing parameters are sent as an object with properties",
        arguments: [
            #"{"name":"f"}"#, #"{"name":"f","parameters":null}"#, #"{"name":"f","parameters":{}}"#,
            #"{"name":"f","parameters":[]}"#, #"{"name":"f","parameters":{"type":"object"}}"#,
            #"{"name":"f","parameters":{"type":"object","properties":[]}}"#,
            #"{"name":"f","parameters":{"type":["object"],"properties":{}}}"#,
        ]
    )
    func missingParameters(_ function: String) throws {
        #expect(
            try tool(function)
                == #"{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}"#
        )
    }

    @Test("a property that is named toolhost is sent")
    func propertyNamedToolhost() throws {
        let text = try tool(#"{"name":"f","parameters":{"type":"object","properties":{"toolhost":{"type":"string"}}}}"#)
        #expect(text.contains(#""toolhost":{"type":"string"}"#))
    }
}
