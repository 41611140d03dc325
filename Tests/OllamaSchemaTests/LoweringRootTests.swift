import OllamaSchema
import Testing
import ToolJSON

@Suite("The lowering of the parameters as a whole")
struct LoweringRootTests {
    @Test(
        "the parameters are always sent as an object with properties",
        arguments: [
            LoweringCase("{}", #"{"type":"object","properties":{}}"#),
            LoweringCase("null", #"{"type":"object","properties":{}}"#),
            LoweringCase("true", #"{"type":"object","properties":{}}"#),
            LoweringCase("false", #"{"type":"object","properties":{}}"#, "dropped "),
            LoweringCase("[]", #"{"type":"object","properties":{}}"#, "dropped "),
            LoweringCase(
                #"{"type":"object","properties":{},"required":[]}"#,
                #"{"type":"object","properties":{},"required":[]}"#
            ),
            LoweringCase(
                #"{"properties":{},"type":["object","null"]}"#,
                #"{"properties":{},"type":"object"}"#,
                "dropped "
            ),
            LoweringCase(#"{"type":"string"}"#, #"{"type":"object","properties":{}}"#, "dropped "),
            LoweringCase(#"{"type":7}"#, #"{"type":"object","properties":{}}"#, "dropped /type"),
            LoweringCase(#"{"properties":[]}"#, #"{"type":"object","properties":{}}"#, "dropped /properties"),
            LoweringCase(#"{"required":"a"}"#, #"{"type":"object","properties":{}}"#, "dropped /required"),
            LoweringCase(
                #"{"properties":{"a":false,"b":true},"required":["a","b"]}"#,
                #"{"type":"object","properties":{"b":{"type":ANY}},"required":["b"]}"#,
                "dropped /properties/a",
                "dropped "
            ),
            LoweringCase(
                #"{"$schema":"s","$id":"i","$defs":{"x":1},"additionalProperties":false,"properties":{}}"#,
                #"{"type":"object","properties":{}}"#,
                "dropped /additionalProperties"
            ),
            LoweringCase(
                #"{"items":{"const":1}}"#,
                #"{"type":"object","items":{"type":"integer","const":1},"properties":{}}"#
            ),
            LoweringCase(
                #"{"allOf":[{"properties":{"a":{}},"required":["a"]},{"properties":{"b":{}}}],"properties":{"c":{}}}"#,
                #"{"type":"object","properties":{"c":{"type":ANY},"a":{"type":ANY},"b":{"type":ANY}},"#
                    + #""required":["a"]}"#
            ),
        ]
    )
    func parameters(_ schema: LoweringCase) throws {
        try schema.checkParameters()
    }

    @Test(
        "a keyword without a field in the parameters is described by the function",
        arguments: [
            (#"{"description":"More."}"#, "It works. More."),
            (#"{"minProperties":1}"#, "It works. At least 1 entry."),
            (#"{"dependentRequired":{"a":["b"]}}"#, "It works. With a, give b."),
            (#"{"if":{"required":["a"]},"then":{"required":["b"]}}"#, "It works. If a is given, give b."),
            (#"{"not":{"required":["a","b"]}}"#, "It works. Not a and b together."),
            (
                #"{"properties":{"a":{},"b":{}},"anyOf":[{"required":["a"]},{"required":["b"]}]}"#,
                "It works. Give a, or b."
            ),
            (#"{"title":"T"}"#, "It works"),
            (#"{"additionalProperties":false}"#, "It works"),
        ]
    )
    func description(_ parameters: String, _ description: String) throws {
        let lowered = OllamaTools.lowered([
            "name": "f", "description": "It works", "parameters": try JSON(parsing: parameters),
        ])
        #expect(lowered.tool[pointer: "/function/description"]?.string == description)
        #expect(!lowered.notes.isEmpty)
    }

    @Test("alternatives of the parameters are joined into one object")
    func alternatives() throws {
        let parameters = #"""
            {"oneOf":[
              {"properties":{"kind":{"const":"file"},"path":{"type":"string"},"n":{"type":"string"}},"required":["kind","path"]},
              {"properties":{"kind":{"const":"url"},"url":{"type":"string"},"n":{"type":"integer"}},"required":["kind","url"]},
              {"type":"null"}
            ]}
            """#
        let lowered = OllamaTools.lowered(["name": "f", "parameters": try JSON(parsing: parameters)])
        #expect(
            lowered.tool["function"]?.text()
                == #"{"name":"f","description":"Give kind \"file\" and path, or kind \"url\" and url.","#
                + #""parameters":{"type":"object","properties":{"kind":{"type":"string","enum":["file","url"]},"#
                + #""path":{"type":"string"},"n":{"type":"string","description":"Or an integer."},"#
                + #""url":{"type":"string"}},"required":["kind"]}}"#
        )
        #expect(lowered.notes.contains { $0.kind == .dropped && $0.path == "/oneOf/2" })
        #expect(lowered.notes.contains { $0.kind == .described && $0.path == "/oneOf" })
    }

    @Test("alternatives of the parameters that cannot be described are noted as dropped")
    func undescribedAlternatives() throws {
        let lowered = OllamaTools.lowered([
            "name": "f", "parameters": ["anyOf": [["required": ["a"]], ["properties": ["b": true]]]],
        ])
        #expect(lowered.notes.map { "\($0.kind) \($0.path)" } == ["dropped /anyOf"])
        #expect(lowered.tool[pointer: "/function/description"] == nil)
    }

    @Test(
        "a function is sent with the members that Ollama knows",
        arguments: [
            (
                #"{"strict":true,"name":"f","toolhost":{"timeout":1},"parameters":{}}"#,
                #"{"name":"f","parameters":P}"#, 1
            ),
            (#"{"parameters":{},"description":"d","name":"f"}"#, #"{"parameters":P,"description":"d","name":"f"}"#, 0),
            (#"{"name":["f"],"description":1,"parameters":{}}"#, #"{"parameters":P}"#, 2),
            (#"{"name":"f"}"#, #"{"name":"f","parameters":P}"#, 0),
            (#"{"parameters":{"description":"d"},"name":"f"}"#, #"{"name":"f","description":"d","parameters":P}"#, 1),
            (#"{}"#, #"{"parameters":P}"#, 0),
        ]
    )
    func function(_ function: String, _ sent: String, _ notes: Int) throws {
        let lowered = OllamaTools.lowered(try #require(try JSON(parsing: function).object))
        let parameters = #"{"type":"object","properties":{}}"#
        #expect(lowered.tool["function"]?.text() == sent.replacing("P", with: parameters))
        #expect(lowered.notes.count == notes)
    }
}
