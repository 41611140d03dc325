import OllamaSchema
import Testing
import ToolJSON

/// The other tests rely on this model of the server.
@Suite("The model of Ollama's decoder")
struct LoweringDecoderTests {
    private func tools(_ parameters: String) throws -> JSON {
        [["type": "function", "function": ["name": "f", "parameters": try JSON(parsing: parameters)]]]
    }

    @Test(
        "the model of Ollama's decoder refuses a value of the wrong type",
        arguments: [
            #"{"type":["object"]}"#,
            #"{"type":"object","properties":[]}"#,
            #"{"type":"object","properties":{"x":true}}"#,
            #"{"type":"object","properties":{"x":{"anyOf":[true]}}}"#,
            #"{"type":"object","properties":{"x":{"anyOf":{}}}}"#,
            #"{"type":"object","properties":{"x":{"type":1}}}"#,
            #"{"type":"object","properties":{"x":{"type":["string",1]}}}"#,
            #"{"type":"object","properties":{"x":{"enum":"a"}}}"#,
            #"{"type":"object","properties":{"x":{"enum":[1e999]}}}"#,
            #"{"type":"object","properties":{"x":{"items":{"maximum":1e999}}}}"#,
            #"{"type":"object","properties":{"x":{"description":["a"]}}}"#,
            #"{"type":"object","properties":{"x":{"required":true}}}"#,
            #"{"type":"object","properties":{"x":{"properties":{"y":false}}}}"#,
            #"{"type":"object","properties":{"x":{"Type":1}}}"#,
            #"{"type":"object","required":"x"}"#,
            #"{"type":"object","required":[1]}"#,
            "[]",
            "true",
        ]
    )
    func refusal(_ parameters: String) throws {
        var decoder = OllamaToolDecoder()
        #expect(throws: OllamaToolDecoder.Refusal.self) { try decoder.decode(tools(parameters)) }
    }

    @Test(
        "the model of Ollama's decoder drops a keyword without a field",
        arguments: [
            (#"{"title":"T"}"#, "/title"), (#"{"anyOf":[]}"#, "/anyOf"),
            (##"{"properties":{"x":{"$ref":"#"}}}"##, "/properties/x/$ref"),
            (#"{"properties":{"x":{"anyOf":[{"const":1}]}}}"#, "/properties/x/anyOf/0/const"),
            (#"{"properties":{"x":{"properties":{"y":{"default":1}}}}}"#, "/properties/x/properties/y/default"),
        ]
    )
    func dropped(_ parameters: String, _ path: String) throws {
        var decoder = OllamaToolDecoder()
        _ = try decoder.decode(tools(parameters))
        #expect(decoder.dropped == ["/0/function/parameters" + path])
    }

    @Test("the model of Ollama's decoder keeps all other values and unwraps a single type")
    func kept() throws {
        let kept =
            #"{"type":"object","$defs":{"a":{"const":1}},"required":["x"],"properties":{"x":{"type":"string","#
            + #""items":{"minimum":1},"description":"d","enum":["a",null],"required":["y"]}}}"#
        var decoder = OllamaToolDecoder()
        let authored = kept.replacing(#""type":"string""#, with: #""type":["string"]"#)
        #expect(try decoder.decode(tools(authored)) == tools(kept))
        #expect(decoder.dropped.isEmpty)
    }
}
