import OllamaSchema
import Testing
import ToolJSON

@Suite("The lowering of schemas of earlier drafts")
struct LoweringDraftTests {
    private static let draft4 = "http://json-schema.org/draft-04/schema#"
    private static let draft7 = "http://json-schema.org/draft-07/schema#"
    private static let draft2019 = "https://json-schema.org/draft/2019-09/schema"
    private static let null = #"{"type":"null"}"#

    @Test(
        "a property is sent with the keywords that its draft enforces, and without those that it ignores",
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

    @Test("the target of a reference beside definitions is sent as the parameters")
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

    @Test(
        "the nearest $schema decides the draft of a schema",
        arguments: [
            (nil, draft7, ##"{"$ref":"#/definitions/unit","maxLength":9}"##, #"{"type":"string"}"#),
            (
                draft7, draft2019, ##"{"$ref":"#/definitions/unit","maxLength":9}"##,
                #"{"type":"string","description":"At most 9 characters."}"#
            ),
            (draft7, draft4, ##"{"allOf":[{"$ref":"#own"}],"definitions":{"a":{"id":"#own","type":"null"}}}"##, null),
            (draft4, draft7, ##"{"allOf":[{"$ref":"#own"}],"definitions":{"a":{"$id":"#own","type":"null"}}}"##, null),
            (draft4, draft7, #"{"type":"string","id":"a","const":"b"}"#, #"{"type":"string","enum":["b"]}"#),
            // An identifier beside a reference is ignored, so the reference starts from the root.
            (draft7, draft7, ##"{"$id":"http://example.com/x","$ref":"#/definitions/unit"}"##, #"{"type":"string"}"#),
        ] as [(String?, String, String, String)]
    )
    func nested(outer: String?, inner: String, property: String, sent: String) throws {
        var parameters: JSONObject = ["definitions": ["unit": ["type": "string"]]]
        parameters["$schema"] = outer.map(JSON.string)
        var members = try #require(try JSON(parsing: property).object)
        members["$schema"] = .string(inner)
        parameters["properties"] = ["x": .object(members)]
        let lowered = OllamaTools.lowered(["name": "f", "parameters": .object(parameters)])
        #expect(lowered.tool[pointer: "/function/parameters/properties/x"] == (try JSON(parsing: sent)))
    }

    /// Every keyword that contains schemas, with a value that contains one.
    private static let holders = [
        ["additionalItems", "R"], ["additionalProperties", "R"], ["allOf", "[R]"], ["anyOf", "[R]"], ["contains", "R"],
        ["contentSchema", "R"], ["dependencies", #"{"a":R,"b":["c"]}"#], ["dependentSchemas", #"{"a":R}"#],
        ["else", "R"], ["if", "R"], ["items", "R"], ["items", "[R]"], ["not", "R"], ["oneOf", "[R]"],
        ["patternProperties", #"{"a":R}"#], ["prefixItems", "[R]"], ["properties", #"{"a":R}"#],
        ["propertyNames", "R"], ["then", "R"], ["unevaluatedItems", "R"], ["unevaluatedProperties", "R"],
    ]

    @Test("no reference is sent, in any keyword and draft", arguments: holders)
    func references(holder: [String]) throws {
        let keyword = #""\#(holder[0])":"# + holder[1].replacing("R", with: ##"{"$ref":"#/definitions/x"}"##)
        for draft in [nil, Self.draft4, Self.draft7, Self.draft2019] {
            let parameters =
                #"{"properties":{"a":{"type":["object","array"],"items":{\#(keyword)}},"b":{\#(keyword)}},"#
                + #"\#(draft.map { #""$schema":"\#($0)","# } ?? "")"definitions":{"x":{"type":"string"}}}"#
            let lowered = OllamaTools.lowered(["name": "f", "parameters": try JSON(parsing: parameters)])
            #expect(!lowered.tool.text().contains("$ref"))
        }
    }

    @Test("a definition is found beside dependencies that are named like identifiers")
    func namedLikeIdentifiers() throws {
        let parameters = ##"""
            {"$schema":"http://json-schema.org/draft-07/schema#","properties":{"x":{"$ref":"#/definitions/u"}},\##
            "dependencies":{"enum":{"$id":"#mark","type":"null"}},"definitions":{"u":{"$ref":"#mark"}}}
            """##
        let lowered = OllamaTools.lowered(["name": "f", "parameters": try JSON(parsing: parameters)])
        #expect(lowered.tool[pointer: "/function/parameters/properties/x/type"] == "null")
    }

    @Test("a schema that refers to itself is sent once, for each kind of reference")
    func recursive() throws {
        let tree = ##"{"type":"object","properties":{"next":{"$recursiveRef":"#"}}}"##
        let parameters = #"{"$schema":"\#(Self.draft2019)","$recursiveAnchor":true,\#(tree.dropFirst())"#
        let lowered = OllamaTools.lowered(["name": "f", "parameters": try JSON(parsing: parameters)])
        let next = lowered.tool[pointer: "/function/parameters/properties/next"]
        #expect(next == ["type": "object", "description": "Nested the same way."])
    }
}
