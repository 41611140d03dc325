import Testing
import ToolJSON

@testable import ToolHost

@Suite("The arguments of a call")
struct CallArgumentsTests {
    @Test(
        "every form in which models send arguments becomes an object",
        arguments: [
            (["a": 1], ["a": 1], 0), (nil, [:], 0), ("", [:], 0), (" \t\r\n", [:], 0), (#"{"a":1}"#, ["a": 1], 0),
            (#""{\"a\":1}""#, ["a": 1], 0), ([["a": 1]], ["a": 1], 1), (#"[{"a":1}]"#, ["a": 1], 0),
            (#"{"a":1,"a":2}"#, ["a": 2], 1),
            ("null", [:], 0),
        ] as [(JSON, JSON, Int)]
    )
    func objects(arguments: JSON, object: JSON, warnings: Int) throws {
        let read = try CallArguments(arguments, limits: JSONLimits())
        #expect(JSON.object(read.object) == object)
        #expect(read.warnings.count == warnings)
    }

    @Test(
        "other values are rejected with a sentence for the model",
        arguments: [
            (7, "The arguments are of type number; expected a JSON object, {} for none."),
            ([1, 2], "The arguments are of type array; expected a JSON object, {} for none."),
            ("[1]", "The arguments are a string; expected a JSON object."),
            (#""\"\\\"{}\\\"\"""#, "The arguments are a string; expected a JSON object."),
        ] as [(JSON, String)]
    )
    func others(arguments: JSON, sentence: String) {
        #expect { try CallArguments(arguments, limits: JSONLimits()) } throws: { error in
            (error as? ToolDefinitionError)?.sentence == sentence
        }
    }

    @Test("JSON text above the limit is rejected", arguments: [(8, true), (7, false)])
    func limit(bytes: Int, isAccepted: Bool) {
        let limits = JSONLimits(bytes: bytes)
        let read = try? CallArguments(#"{"ab":1}"#, limits: limits)
        #expect((read != nil) == isAccepted)
    }
}
