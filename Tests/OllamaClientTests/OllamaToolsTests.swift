import OllamaClient
import Testing
import ToolJSON

/// A schema reaches the model as its author wrote it, and never less than every template wants.
@Suite struct OllamaToolsTests {
    private func tool(_ function: String) throws -> String {
        OllamaTools.tool(for: try #require(try JSON(parsing: function).object)).text()
    }

    @Test func aSchemaKeepsItsOrderAndLosesTheHostsKey() throws {
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

    @Test(arguments: [
        #"{"name":"f"}"#, #"{"name":"f","parameters":null}"#, #"{"name":"f","parameters":{}}"#,
        #"{"name":"f","parameters":[]}"#, #"{"name":"f","parameters":{"type":"object"}}"#,
        #"{"name":"f","parameters":{"type":"object","properties":[]}}"#,
        #"{"name":"f","parameters":{"type":["object"],"properties":{}}}"#,
    ])
    func parametersAreAlwaysAnObjectWithProperties(_ function: String) throws {
        #expect(
            try tool(function)
                == #"{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}"#
        )
    }

    @Test func whatTheAuthorNamesToolhostWithinTheParametersStays() throws {
        let text = try tool(#"{"name":"f","parameters":{"type":"object","properties":{"toolhost":{"type":"string"}}}}"#)
        #expect(text.contains(#""toolhost":{"type":"string"}"#))
    }
}
