import OllamaClient
import Testing
import ToolJSON

@Suite("What a model is sent of schemas of earlier drafts")
struct LoweringDraftTests {
    private static let draft4 = "http://json-schema.org/draft-04/schema#"
    private static let draft7 = "http://json-schema.org/draft-07/schema#"
    private static let draft2019 = "https://json-schema.org/draft/2019-09/schema"

    @Test(
        "holds what the draft enforces, and nothing that it ignores",
        arguments: [
            (draft7, ##""x":{"$ref":"#/definitions/unit"}"##, #"{"type":"string","enum":["a","b"]}"#),
            (draft7, ##""x":{"$ref":"#unit"}"##, #"{"type":"string","enum":["a","b"]}"#),
            (draft4, ##""x":{"$ref":"#unit4"}"##, #"{"type":"string","enum":["c"]}"#),
            (draft4, ##""x":{"$ref":"unit4"}"##, #"{"type":"string","enum":["d"]}"#),
            (
                draft7, ##""x":{"$ref":"#/definitions/unit","description":"Of length","type":"integer"}"##,
                #"{"description":"Of length","type":"string","enum":["a","b"]}"#
            ),
            (
                draft2019, ##""x":{"$ref":"#/definitions/unit","description":"Of length"}"##,
                #"{"description":"Of length","type":"string","enum":["a","b"]}"#
            ),
            (
                draft7, ##""x":{"type":"array","items":{"$ref":"#/definitions/unit","maxLength":1}}"##,
                #"{"type":"array","items":{"type":"string","enum":["a","b"]}}"#
            ),
            (
                draft4, #""x":{"type":"integer","minimum":1,"exclusiveMinimum":true,"const":7}"#,
                #"{"type":"integer","description":"More than 1."}"#
            ),
            (
                draft7, #""x":{"type":"array","items":[{"type":"string"}],"additionalItems":false}"#,
                #"{"type":"array","description":"Items in order: a string. No other items."}"#
            ),
        ]
    )
    func property(draft: String, property: String, sent: String) throws {
        let definitions = """
            {"unit":{"$id":"#unit","type":"string","enum":["a","b"]},"unit4":{"id":"#unit4","type":"string","enum":["c"]},\
            "other":{"id":"unit4","type":"string","enum":["d"]}}
            """
        let parameters = #"{"$schema":"\#(draft)","properties":{\#(property)},"definitions":\#(definitions)}"#
        let lowered = OllamaTools.lowered(["name": "f", "parameters": try JSON(parsing: parameters)])
        #expect(lowered.tool[pointer: "/function/parameters/properties/x"] == (try JSON(parsing: sent)))
    }

    @Test("holds the parameters that a reference beside definitions leads to")
    func root() throws {
        let parameters = ##"""
            {"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#/definitions/Arguments","definitions":\##
            {"Arguments":{"type":"object","required":["x"],"properties":{"x":{"type":"integer"}}}}}
            """##
        let lowered = OllamaTools.lowered(["name": "f", "parameters": try JSON(parsing: parameters)])
        #expect(
            lowered.tool[pointer: "/function/parameters"]
                == ["type": "object", "required": ["x"], "properties": ["x": ["type": "integer"]]]
        )
    }

    @Test("holds a schema within itself once, whichever reference leads back")
    func recursive() throws {
        let tree = ##"{"type":"object","properties":{"next":{"$recursiveRef":"#"}}}"##
        let parameters = #"{"$schema":"\#(Self.draft2019)","$recursiveAnchor":true,\#(tree.dropFirst())"#
        let lowered = OllamaTools.lowered(["name": "f", "parameters": try JSON(parsing: parameters)])
        let next = lowered.tool[pointer: "/function/parameters/properties/next"]
        #expect(next == ["type": "object", "description": "Nested the same way."])
    }
}
