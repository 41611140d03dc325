import OllamaSchema
import Testing
import ToolJSON

/// Ollama keeps all of `items`, so only the parts that its templates do not support change.
@Suite("The lowering of items")
struct LoweringItemsTests {
    private static let definitions = ##"""
        {"Short":{"type":"string","maxLength":9,"description":"Short."},"None":false}
        """##

    @Test(
        "a schema inside items changes only where templates need it",
        arguments: [
            LoweringCase(
                #"{"type":"string","const":"a","minLength":1,"format":"date","default":null}"#,
                #"{"type":"string","const":"a","minLength":1,"format":"date","default":null}"#
            ),
            LoweringCase(
                #"{"additionalProperties":false,"oneOf":[{"const":1}],"allOf":[{"not":{"type":"null"}}]}"#,
                #"{"additionalProperties":false,"oneOf":[{"type":"integer","const":1}],"allOf":[{"not":{"type":"null"}}]}"#
            ),
            LoweringCase(
                ##"{"$ref":"#/$defs/Short","description":"Mine"}"##,
                #"{"description":"Mine","type":"string","maxLength":9}"#
            ),
            LoweringCase(
                ##"{"$ref":"#/$defs/Short","maxLength":3}"##,
                #"{"type":"string","maxLength":3,"allOf":[{"type":"string","maxLength":9,"description":"Short."}]}"#
            ),
            LoweringCase(
                ##"{"properties":{"a":{"$ref":"#/$defs/Short"},"b":true,"c":false},"required":["b","c"]}"##,
                #"{"type":"object","properties":{"a":{"type":"string","maxLength":9,"description":"Short."},"#
                    + #""b":{"type":ANY}},"required":["b"]}"#,
                "dropped /items/properties/c"
            ),
            LoweringCase(
                ##"{"items":{"items":{"$ref":"#/$defs/Short"}},"anyOf":[true,false],"not":true,"contains":false}"##,
                #"{"items":{"type":"array","items":{"type":"string","maxLength":9,"description":"Short."}},"#
                    + #""anyOf":[{"type":ANY}],"not":{},"#
                    + #""contains":{"type":ANY,"not":{}}}"#
            ),
            LoweringCase(
                ##"{"additionalProperties":{"$ref":"#/$defs/Short"},"prefixItems":[false,{"$ref":"#/$defs/Short"}]}"##,
                #"{"type":["object","array"],"additionalProperties":{"type":"string","maxLength":9,"description":"Short."},"#
                    + #""prefixItems":[{"type":ANY,"not":{}},{"type":"string","maxLength":9,"description":"Short."}]}"#
            ),
            LoweringCase(
                ##"{"dependencies":{"a":{"$ref":"#/$defs/Short"},"b":["c"],"d":[1e999]}}"##,
                #"{"type":"object","dependencies":{"a":{"type":"string","maxLength":9,"description":"Short."},"b":["c"]}}"#,
                "dropped /items/dependencies/d"
            ),
            LoweringCase(
                #"{"maximum":1e999,"minimum":1}"#,
                #"{"type":"number","minimum":1}"#,
                "dropped /items/maximum"
            ),
            LoweringCase(##"{"$ref":"#/nowhere","type":"string"}"##, #"{"type":"string"}"#, "dropped /items/$ref"),
            LoweringCase(
                #"{"items":5,"properties":[],"anyOf":{}}"#,
                #"{"type":["array","object"],"items":{"type":ANY},"properties":[],"anyOf":{}}"#,
                "dropped /items/items"
            ),
        ]
    )
    func items(_ items: LoweringCase) throws {
        let lowered = OllamaTools.lowered([
            "name": "f",
            "parameters": [
                "$defs": try JSON(parsing: Self.definitions),
                "properties": ["x": ["type": "array", "items": try JSON(parsing: items.authored)]],
            ],
        ])
        #expect(lowered.tool[pointer: "/function/parameters/properties/x/items"]?.text() == items.sent)
        #expect(lowered.notes.map { "\($0.kind) \($0.path.dropFirst("/properties/x".count))" } == items.notes)
    }

    @Test(
        "an array that allows no element is described as empty",
        arguments: [##"{"$ref":"#/$defs/None"}"##, #"{"allOf":[{},false]}"#, #"{"anyOf":[false]}"#]
    )
    func noElement(_ items: String) throws {
        try LoweringCase(
            #"{"type":"array","items":\#(items)}"#,
            #"{"type":"array","description":"Always empty."}"#,
            "described /items"
        ).checkProperty(definitions: Self.definitions)
    }
}
