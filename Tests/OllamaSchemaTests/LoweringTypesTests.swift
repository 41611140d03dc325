import OllamaSchema
import Testing
import ToolJSON

@Suite("The types of properties that are sent")
struct LoweringTypesTests {
    /// The keywords of a property without a type, and the types that they imply.
    private static let cases: [(keywords: String, type: String)] = [
        (#""enum":["a","b"]"#, #""string""#),
        (#""enum":["a",null]"#, #"["string","null"]"#),
        (#""enum":[1,2]"#, #""integer""#),
        (#""enum":[1,2.5]"#, #""number""#),
        (#""enum":[true,1,"a"]"#, #"["boolean","integer","string"]"#),
        (#""enum":[{"a":1}]"#, #""object""#),
        (#""enum":[[1]]"#, #""array""#),
        (#""const":3"#, #""integer""#),
        (#""const":null"#, #""null""#),
        (#""const":"a","minimum":1"#, #""string""#),
        (#""default":"a""#, #""string""#),
        (#""default":5"#, #""number""#),
        (#""default":true"#, #""boolean""#),
        (#""default":[]"#, #""array""#),
        (#""default":{}"#, #""object""#),
        (#""default":null"#, "ANY"),
        (#""default":"a","minimum":1"#, #""number""#),
        (#""examples":["a",1]"#, #"["string","number"]"#),
        (#""example":"a""#, #""string""#),
        (#""minimum":1"#, #""number""#),
        (#""maximum":1"#, #""number""#),
        (#""exclusiveMinimum":1"#, #""number""#),
        (#""exclusiveMaximum":1"#, #""number""#),
        (#""multipleOf":1"#, #""number""#),
        (#""minLength":1"#, #""string""#),
        (#""maxLength":1"#, #""string""#),
        (#""pattern":"a""#, #""string""#),
        (#""format":"date""#, #""string""#),
        (#""format":"int64""#, #""number""#),
        (#""format":"double""#, #""number""#),
        (#""format":"float""#, #""number""#),
        (#""format":"int8""#, #""number""#),
        (#""format":"uint64""#, #""number""#),
        (#""format":"interval""#, #""string""#),
        (#""format":"internal-id""#, #""string""#),
        (#""format":"decimal""#, #""string""#),
        (#""format":"floating""#, #""string""#),
        (#""format":"double-quoted""#, #""string""#),
        (#""contentEncoding":"base64""#, #""string""#),
        (#""contentMediaType":"image/png""#, #""string""#),
        (#""contentSchema":{"type":"object"}"#, #""string""#),
        (#""properties":{}"#, #""object""#),
        (#""required":["a"]"#, #""object""#),
        (#""additionalProperties":false"#, #""object""#),
        (#""patternProperties":{"^a":{"type":"string"}}"#, #""object""#),
        (#""propertyNames":{"enum":["a"]}"#, #""object""#),
        (#""minProperties":1"#, #""object""#),
        (#""maxProperties":1"#, #""object""#),
        (#""dependentRequired":{"a":["b"]}"#, #""object""#),
        (#""dependentSchemas":{"a":{"required":["b"]}}"#, #""object""#),
        (#""dependencies":{"a":["b"]}"#, #""object""#),
        (#""unevaluatedProperties":false"#, #""object""#),
        (#""items":{"type":"string"}"#, #""array""#),
        (#""items":[{"type":"string"}]"#, #""array""#),
        (#""prefixItems":[{"type":"string"}]"#, #""array""#),
        (#""additionalItems":false"#, #""array""#),
        (#""contains":{"type":"string"}"#, #""array""#),
        (#""minContains":1"#, #""array""#),
        (#""maxContains":1"#, #""array""#),
        (#""minItems":1"#, #""array""#),
        (#""maxItems":1"#, #""array""#),
        (#""uniqueItems":true"#, #""array""#),
        (#""unevaluatedItems":false"#, #""array""#),
        (#""minLength":1,"minimum":1"#, #"["string","number"]"#),
        (#""allOf":[{"minLength":1}]"#, #""string""#),
        (#""allOf":[{"type":"integer"}]"#, #""integer""#),
        (##""$ref":"#/$defs/Number""##, #""integer""#),
        (##""$ref":"#/$defs/Limit""##, #""number""#),
        (#""minimum":1,"nullable":true"#, #"["number","null"]"#),
        (#""oneOf":[{"const":"a"},{"const":"b"}]"#, #""string""#),
        (#""not":{"type":"null"}"#, "ANY"),
        (#""if":{"type":"string"},"then":{"minLength":1}"#, "ANY"),
        (#""description":"Any JSON value""#, "ANY"),
        (#""title":"Any""#, "ANY"),
        (#""type":[]"#, "ANY"),
        (#""x-order":1"#, "ANY"),
        ("", "ANY"),
    ]

    private static let all = #"["string","number","boolean","object","array","null"]"#

    @Test("a property without a type is sent with the first type that its keywords imply", arguments: cases)
    func type(keywords: String, type: String) throws {
        // A property that accepts every value keeps all types.
        let first = type == "ANY" ? Self.all : try JSON(parsing: type).array?.first?.text() ?? type
        let schema = "{\(keywords)}"
        let definitions = #"{"Number":{"type":"integer"},"Limit":{"minimum":1}}"#
        let parameters = try JSON(
            parsing: #"{"properties":{"x":\#(schema),"o":{"properties":{"x":\#(schema)}}},"$defs":\#(definitions)}"#
        )
        let tool = OllamaTools.tool(for: ["name": "f", "parameters": parameters])
        for path in ["/properties/x", "/properties/o/properties/x"] {
            let sent = try #require(tool[pointer: "/function/parameters" + path])
            #expect(sent["type"]?.text() == first)
        }
        #expect(tool[pointer: "/function/parameters/properties/o/type"] == "object")
    }

    @Test(
        "several types are sent as one type, with the others in the description",
        arguments: [
            LoweringCase(
                #"{"type":["string","null"]}"#,
                #"{"type":"string","description":"Or null."}"#,
                "rewritten /type"
            ),
            LoweringCase(
                #"{"type":["null","integer"],"description":"The size"}"#,
                #"{"type":"integer","description":"The size. Or null."}"#,
                "rewritten /type"
            ),
            LoweringCase(
                #"{"type":["string","integer","null"]}"#,
                #"{"type":"string","description":"Or an integer or null."}"#,
                "rewritten /type"
            ),
            // The other keywords describe the main type.
            LoweringCase(
                #"{"type":["string","array"],"items":{"type":"string"}}"#,
                #"{"type":"array","items":{"type":"string"},"description":"Or a string."}"#,
                "rewritten /type"
            ),
            LoweringCase(
                #"{"type":["null","object"],"properties":{"a":{"type":"string"}}}"#,
                #"{"type":"object","properties":{"a":{"type":"string"}},"description":"Or null."}"#,
                "rewritten /type"
            ),
            LoweringCase(
                #"{"anyOf":[{"type":"string"},{"type":"null"}],"default":null}"#,
                #"{"type":"string","description":"Or null."}"#,
                "dropped /default",
                "rewritten /anyOf"
            ),
            LoweringCase(
                #"{"oneOf":[{"type":"integer"},{"type":"string"}]}"#,
                #"{"type":"integer","description":"Or a string."}"#,
                "rewritten /oneOf",
                "rewritten /oneOf"
            ),
            LoweringCase(#"{"anyOf":[{"type":"integer"}]}"#, #"{"type":"integer"}"#, "rewritten /anyOf"),
            // Alternatives with other keywords stay.
            LoweringCase(
                #"{"anyOf":[{"type":"string","enum":["a"],"description":"d"},{"type":"null"}]}"#,
                #"{"anyOf":[{"type":"string","enum":["a"],"description":"d"},{"type":"null"}]}"#
            ),
            LoweringCase(#"{"type":["string"]}"#, #"{"type":"string"}"#),
            LoweringCase(#"{"type":["null"]}"#, #"{"type":"null"}"#),
        ]
    )
    func several(_ schema: LoweringCase) throws {
        try schema.checkProperty()
        try schema.checkOldServer()
    }

    /// Ollama keeps all of `items`, so the other keywords are sent beside the type.
    @Test("a schema inside items is sent with the types that its keywords imply", arguments: cases)
    func items(keywords: String, type: String) throws {
        // In a property these are merged into one schema, which does not happen inside items.
        guard !keywords.contains("nullable"), !keywords.contains("oneOf"), keywords != #""type":[]"# else { return }
        let schema = "{\(keywords)}"
        let definitions = #"{"Number":{"type":"integer"},"Limit":{"minimum":1}}"#
        let parameters = try JSON(
            parsing: #"{"properties":{"x":{"items":{"properties":{"y":\#(schema)}}}},"$defs":\#(definitions)}"#
        )
        let tool = OllamaTools.tool(for: ["name": "f", "parameters": parameters])
        let items = try #require(tool[pointer: "/function/parameters/properties/x/items"])
        #expect(items["type"] == "object")
        #expect(items[pointer: "/properties/y/type"]?.text() == type.replacing("ANY", with: Self.all))
    }

    @Test(
        "a type is added to every schema that has none",
        arguments: [
            LoweringCase("true", #"{"type":ANY}"#),
            LoweringCase("{}", #"{"type":ANY}"#),
            LoweringCase(#"{"type":"array"}"#, #"{"type":"array"}"#),
            LoweringCase(#"{"description":"d","enum":["a"]}"#, #"{"type":"string","description":"d","enum":["a"]}"#),
            LoweringCase(
                #"{"anyOf":[{"minimum":1},{"enum":["a"]},true]}"#,
                #"{"anyOf":[{"type":"number","description":"At least 1."},{"type":"string","enum":["a"]},{"type":ANY}]}"#,
                "described /anyOf/0/minimum"
            ),
            // Alternatives in a schema with a type get that type.
            LoweringCase(
                #"{"type":["object","null"],"anyOf":[{"required":["a"]},{"description":"d"}]}"#,
                #"{"type":"object","anyOf":[{"type":"object","required":["a"]},"#
                    + #"{"type":"object","description":"d. Or null."}],"description":"Or null."}"#,
                "rewritten /anyOf/1",
                "rewritten /type"
            ),
            LoweringCase(
                #"{"properties":{"a":{"items":{"anyOf":[{"const":1},{}]}}}}"#,
                #"{"type":"object","properties":{"a":{"type":"array","items":"#
                    + #"{"anyOf":[{"type":"integer","const":1},{"type":ANY}]}}}}"#
            ),
            LoweringCase(
                #"{"items":{"type":"string","anyOf":[{"minLength":3},{"enum":["a"]}]}}"#,
                #"{"type":"array","items":{"type":"string","anyOf":[{"minLength":3},{"enum":["a"]}]}}"#
            ),
        ]
    )
    func added(_ schema: LoweringCase) throws {
        try schema.checkProperty()
    }
}
