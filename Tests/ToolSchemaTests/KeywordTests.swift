import Testing
import ToolJSON
import ToolSchema

@Suite("Keywords")
struct KeywordTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let schema: String
        let valid: [String]
        let invalid: [String]

        init(_ schema: String, valid: [String], invalid: [String]) {
            self.schema = schema
            self.valid = valid
            self.invalid = invalid
        }

        var testDescription: String { schema }
    }

    @Test(
        "keywords accept valid values and reject invalid ones",
        arguments: [
            Case("true", valid: ["1", "null"], invalid: []),
            Case("false", valid: [], invalid: ["1", "null"]),
            Case("{}", valid: ["1", "{}"], invalid: []),
            // Any type
            Case(
                #"{"type":"integer"}"#,
                valid: ["1", "1.0", "-0", "1e400"],
                invalid: ["1.5", #""1""#, "true", "null"]
            ),
            Case(#"{"type":["string","null"]}"#, valid: [#""""#, "null"], invalid: ["0", "false", "[]"]),
            Case(#"{"type":"string","nullable":true}"#, valid: ["null", #""""#], invalid: ["1"]),
            Case(#"{"type":"number"}"#, valid: ["1", "1.5"], invalid: [#""1""#, "true"]),
            Case(#"{"type":"boolean"}"#, valid: ["true"], invalid: ["1", "0", #""true""#]),
            Case(#"{"const":{"a":1,"b":[2]}}"#, valid: [#"{"b":[2.0],"a":1}"#], invalid: [#"{"a":1}"#, "null"]),
            Case(#"{"const":9007199254740993}"#, valid: ["9007199254740993"], invalid: ["9007199254740992"]),
            Case(#"{"const":"é"}"#, valid: [#""é""#], invalid: [#""e\u0301""#]),
            Case(#"{"enum":[1,"a",null]}"#, valid: ["1.0", #""a""#, "null"], invalid: [#""1""#, "false", "true"]),
            // Numbers
            Case(#"{"minimum":1.1}"#, valid: ["1.1", "2", #""0""#], invalid: ["1.0999999999999999999"]),
            Case(#"{"maximum":9007199254740992}"#, valid: ["9007199254740992"], invalid: ["9007199254740993"]),
            Case(#"{"exclusiveMinimum":0}"#, valid: ["1e-999"], invalid: ["0", "-0", "-1"]),
            Case(#"{"exclusiveMaximum":-1e2}"#, valid: ["-101"], invalid: ["-100", "0"]),
            Case(#"{"multipleOf":0.01}"#, valid: ["0.07", "19.99", "1e300", "0"], invalid: ["0.075", "1e-3"]),
            Case(#"{"multipleOf":3}"#, valid: ["9", "-3", "3e50"], invalid: ["10", "1e50"]),
            // Strings
            Case(#"{"minLength":2}"#, valid: [#""ab""#, #""😀😀""#, "1"], invalid: [#""a""#, #""😀""#]),
            Case(#"{"maxLength":2.0}"#, valid: [#""😀😀""#, #""""#], invalid: [#""abc""#, #""e\u0301e""#]),
            Case(#"{"pattern":"^a+$"}"#, valid: [#""aa""#, "1"], invalid: [#""b""#, #""a\n""#, #""""#]),
            Case(#"{"pattern":"b"}"#, valid: [#""abc""#], invalid: [#""a""#]),
            // Arrays
            Case(#"{"minItems":1,"maxItems":2}"#, valid: ["[1]", "[1,2]", "{}"], invalid: ["[]", "[1,2,3]"]),
            Case(
                #"{"uniqueItems":true}"#,
                valid: ["[1,true,\"1\"]", "[[1],[2]]"],
                invalid: ["[1,1.0]", #"[{"a":1,"b":2},{"b":2,"a":1}]"#]
            ),
            Case(#"{"uniqueItems":false}"#, valid: ["[1,1]"], invalid: []),
            Case(#"{"items":{"type":"integer"}}"#, valid: ["[]", "[1]", #""x""#], invalid: ["[1,null]"]),
            Case(
                #"{"prefixItems":[{"type":"integer"}],"items":false}"#,
                valid: ["[]", "[1]"],
                invalid: ["[null]", "[1,2]"]
            ),
            Case(#"{"contains":{"const":1}}"#, valid: ["[0,1]"], invalid: ["[]", "[0]"]),
            Case(
                #"{"contains":{"const":1},"minContains":2,"maxContains":3}"#,
                valid: ["[1,1,0]"],
                invalid: ["[1]", "[1,1,1,1]"]
            ),
            Case(#"{"contains":{"const":1},"minContains":0}"#, valid: ["[]"], invalid: []),
            Case(
                #"{"prefixItems":[true],"contains":{"type":"string"},"unevaluatedItems":{"type":"null"}}"#,
                valid: [#"[1,"a",null]"#],
                invalid: [#"[1,"a",2]"#, "[1,null]"]
            ),
            // Objects
            Case(#"{"required":["a"]}"#, valid: [#"{"a":null}"#, "[]"], invalid: ["{}", #"{"b":1}"#]),
            Case(#"{"minProperties":1,"maxProperties":1}"#, valid: [#"{"a":1}"#], invalid: ["{}", #"{"a":1,"b":2}"#]),
            Case(#"{"dependentRequired":{"a":["b"]}}"#, valid: ["{}", #"{"a":1,"b":2}"#], invalid: [#"{"a":1}"#]),
            Case(#"{"properties":{"a":{"type":"null"}}}"#, valid: ["{}", #"{"b":1}"#], invalid: [#"{"a":1}"#]),
            Case(
                #"{"properties":{"a":true},"patternProperties":{"^x":{"type":"integer"}},"additionalProperties":false}"#,
                valid: [#"{"a":1,"x1":1}"#],
                invalid: [#"{"b":1}"#, #"{"x1":"1"}"#]
            ),
            Case(#"{"propertyNames":{"maxLength":1}}"#, valid: [#"{"a":1}"#], invalid: [#"{"ab":1}"#]),
            Case(
                #"{"dependentSchemas":{"a":{"required":["b"]}}}"#,
                valid: ["{}", #"{"a":1,"b":2}"#],
                invalid: [#"{"a":1}"#]
            ),
            Case(
                #"{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}"#,
                valid: ["{}", #"{"a":1}"#],
                invalid: [#"{"b":1}"#]
            ),
            Case(
                #"{"anyOf":[{"required":["a"],"properties":{"a":true}},true],"unevaluatedProperties":{"type":"null"}}"#,
                valid: [#"{"a":1}"#, #"{"b":null}"#],
                invalid: [#"{"b":1}"#]
            ),
            // Combinations
            Case(#"{"allOf":[{"minimum":1},{"maximum":2}]}"#, valid: ["1"], invalid: ["0", "3"]),
            Case(#"{"anyOf":[{"type":"string"},{"minimum":5}]}"#, valid: [#""""#, "5"], invalid: ["4"]),
            Case(#"{"oneOf":[{"minimum":1},{"maximum":2}]}"#, valid: ["0", "3"], invalid: ["1", "2"]),
            Case(#"{"not":{"type":"null"}}"#, valid: ["1"], invalid: ["null"]),
            Case(
                #"{"if":{"type":"string"},"then":{"minLength":1},"else":{"minimum":1}}"#,
                valid: [#""a""#, "1"],
                invalid: [#""""#, "0"]
            ),
            Case(#"{"then":false}"#, valid: ["1"], invalid: []),
            // References
            Case(
                ##"{"$ref":"#/$defs/a~1b%25","$defs":{"a/b%":{"type":"null"}}}"##,
                valid: ["null"],
                invalid: ["1"]
            ),
            Case(
                ##"{"$ref":"#x","$defs":{"a":{"$anchor":"x","minimum":2}},"maximum":3}"##,
                valid: ["2"],
                invalid: ["1", "4"]
            ),
            Case(
                ##"{"$id":"http://a.example/b/c","$ref":"d","$defs":{"x":{"$id":"d","type":"null"}}}"##,
                valid: ["null"],
                invalid: ["1"]
            ),
            Case(
                ##"{"properties":{"next":{"$ref":"#"},"value":{"type":"integer"}},"required":["value"]}"##,
                valid: [#"{"value":1,"next":{"value":2}}"#],
                invalid: [#"{"value":1,"next":{}}"#]
            ),
            Case(
                ##"{"$ref":"strict","$defs":{"strict":{"$id":"strict","$dynamicAnchor":"node","$ref":"tree","required":["v"]},"tree":{"$id":"tree","$dynamicAnchor":"node","properties":{"next":{"$dynamicRef":"#node"}}}}}"##,
                valid: [#"{"v":1,"next":{"v":2}}"#],
                invalid: [#"{"v":1,"next":{}}"#]
            ),
            // Names that are canonically equivalent
            Case(
                #"{"properties":{"\u00E9":{"type":"integer"},"e\u0301":{"type":"string"}}}"#,
                valid: [#"{"\u00E9":1,"e\u0301":"a"}"#],
                invalid: [#"{"\u00E9":"a"}"#, #"{"e\u0301":1}"#]
            ),
            Case(
                ##"{"properties":{"a":{"$ref":"#/$defs/e\u0301"}},"$defs":{"\u00E9":true,"e\u0301":{"type":"null"}}}"##,
                valid: [#"{"a":null}"#],
                invalid: [#"{"a":1}"#]
            ),
            Case(
                ##"{"$ref":"e\u0301","$defs":{"x":{"$id":"\u00E9"},"y":{"$id":"e\u0301","type":"null"}}}"##,
                valid: ["null"],
                invalid: ["1"]
            ),
            // Keywords without an assertion
            Case(
                #"{"title":"t","description":"d","default":1,"examples":[2],"deprecated":true,"format":"date","x-own":false}"#,
                valid: ["1", #""no date""#],
                invalid: []
            ),
        ]
    )
    func evaluation(_ test: Case) throws {
        let schema = try Schema(JSON(parsing: test.schema))
        for value in test.valid {
            #expect(schema.violations(in: try JSON(parsing: value)).map(\.message) == [], "\(value)")
        }
        for value in test.invalid {
            #expect(!schema.accepts(try JSON(parsing: value)), "\(value)")
            #expect(!schema.violations(in: try JSON(parsing: value)).isEmpty, "\(value)")
        }
    }

    @Test("a format is enforced only on request")
    func formats() throws {
        let schema: JSON = ["format": "date"]
        #expect(try !Schema(schema, assertsFormats: true).accepts("2026-02-30"))
        #expect(try Schema(schema, assertsFormats: true).accepts("2026-02-28"))
        #expect(try Schema(schema, assertsFormats: true).accepts(12))
        #expect(try Schema(["format": "unheard-of"], assertsFormats: true).accepts("x"))
        var documents = SchemaDocuments()
        documents.register(
            ["$vocabulary": ["https://json-schema.org/draft/2020-12/vocab/format-assertion": true]],
            at: "http://example.com/asserting"
        )
        let asking: JSON = ["$schema": "http://example.com/asserting", "format": "date"]
        #expect(try !Schema(asking, documents: documents).accepts("2026-02-30"))
    }

    @Test("the metaschemas accept schemas and reject other values")
    func metaschema() throws {
        let metaschema = try Schema(["$ref": "https://json-schema.org/draft/2020-12/schema"])
        #expect(metaschema.accepts(["type": "object", "properties": ["a": ["items": [:], "minimum": 1]]]))
        #expect(!metaschema.accepts(["properties": ["a": ["type": "text"]]]))
        #expect(!metaschema.accepts(["allOf": [["minLength": -1]]]))
    }
}
