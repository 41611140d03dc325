import OllamaSchema
import Testing
import ToolJSON

@Suite("The description of unsupported keywords")
struct LoweringWordsTests {
    /// Lowers a property and compares its description.
    private func check(_ keywords: String, _ description: String?, _ notes: [String]) throws {
        let sent = description.map { #"{"type":"object","description":\#(JSON.string($0).text())}"# }
        let schema = LoweringCase(#"{"type":"object",\#(keywords)}"#, sent ?? #"{"type":"object"}"#)
        let lowered = OllamaTools.lowered([
            "name": "f", "parameters": ["properties": ["x": try JSON(parsing: schema.authored)]],
        ])
        #expect(lowered.tool[pointer: "/function/parameters/properties/x"]?.text() == schema.sent)
        #expect(lowered.notes.map { "\($0.kind) \($0.path.dropFirst("/properties/x/".count))" } == notes)
    }

    @Test(
        "an unsupported keyword is described in words",
        arguments: [
            (#""default":1"#, "Default 1.", "default"),
            (#""default":"a b""#, #"Default "a b"."#, "default"),
            (#""format":"date-time""#, "Format date-time.", "format"),
            (#""pattern":"^a+$""#, "Matching `^a+$`.", "pattern"),
            (#""minimum":1"#, "At least 1.", "minimum"),
            (#""maximum":1.50"#, "At most 1.50.", "maximum"),
            (#""exclusiveMinimum":0"#, "More than 0.", "exclusiveMinimum"),
            (#""exclusiveMaximum":0"#, "Less than 0.", "exclusiveMaximum"),
            (#""multipleOf":0.01"#, "Multiple of 0.01.", "multipleOf"),
            (#""minLength":1"#, "At least 1 character.", "minLength"),
            (#""maxLength":20"#, "At most 20 characters.", "maxLength"),
            (#""minItems":2"#, "At least 2 items.", "minItems"),
            (#""maxItems":2"#, "At most 2 items.", "maxItems"),
            (#""uniqueItems":true"#, "No duplicates.", "uniqueItems"),
            (#""minProperties":1"#, "At least 1 entry.", "minProperties"),
            (#""maxProperties":3"#, "At most 3 entries.", "maxProperties"),
            (#""examples":["a",1]"#, #"For example "a", 1."#, "examples"),
            (#""example":"a""#, #"For example "a"."#, "example"),
            (#""title":"A title""#, "A title", "title"),
            (#""deprecated":true"#, "Deprecated.", "deprecated"),
            (#""contentEncoding":"base64""#, "Encoded as base64.", "contentEncoding"),
            (#""contentMediaType":"image/png""#, "Of type image/png.", "contentMediaType"),
            (#""additionalProperties":{"type":"integer"}"#, "Values are integers.", "additionalProperties"),
            (#""additionalProperties":{"enum":["a","b"]}"#, #"Values are one of "a" or "b"."#, "additionalProperties"),
            (
                #""additionalProperties":{"type":"array","items":{"type":"string"}}"#, "Values are arrays of strings.",
                "additionalProperties"
            ),
            (
                #""additionalProperties":{"type":"object","additionalProperties":{"type":"number"}}"#,
                "Values are objects of numbers.", "additionalProperties"
            ),
            (
                #""additionalProperties":{"required":["a"],"properties":{"a":{"type":"string"},"b":{"type":["integer","null"]}}}"#,
                "Values are objects {a: a string; b: an integer or null, optional}.", "additionalProperties"
            ),
            (
                #""patternProperties":{"^x":{"type":"boolean"}}"#, "Values of names matching `^x` are true or false.",
                "patternProperties"
            ),
            (#""propertyNames":{"enum":["a"]}"#, #"Names are "a"."#, "propertyNames"),
            (#""prefixItems":[{"type":"string"},true]"#, "Items in order: a string, anything.", "prefixItems"),
            (#""items":[{"const":1}]"#, "Items in order: 1.", "items"),
            (#""contains":{"type":"null"}"#, "Has at least one item that is null.", "contains"),
            (#""not":{"enum":["a",1]}"#, #"Not "a" or 1."#, "not"),
            (#""not":{"const":"a"}"#, #"Not "a"."#, "not"),
            (#""not":{"type":"string"}"#, "Not a string.", "not"),
            (#""not":{"required":["a","b c"]}"#, #"Not a and "b c" together."#, "not"),
            (#""dependentRequired":{"a":["b","c"]}"#, "With a, give b and c.", "dependentRequired"),
            (#""dependentSchemas":{"a":{"required":["b"]}}"#, "With a, give b.", "dependentSchemas"),
            (#""dependencies":{"a":["b"]}"#, "With a, give b.", "dependencies"),
        ]
    )
    func described(_ keyword: String, _ description: String, _ path: String) throws {
        try check(keyword, description, ["described \(path)"])
    }

    @Test(
        "related keywords are described together",
        arguments: [
            (#""minimum":1,"maximum":100,"multipleOf":5,"default":1"#, "From 1 to 100, multiple of 5; default 1."),
            (#""minimum":1,"exclusiveMaximum":2"#, "At least 1 and less than 2."),
            (#""minimum":3,"maximum":3"#, "Exactly 3."),
            (#""minimum":0,"exclusiveMinimum":true"#, "More than 0."),
            (#""minLength":1,"maxLength":9,"pattern":"^a""#, "1 to 9 characters, matching `^a`."),
            (#""minItems":3,"maxItems":3,"uniqueItems":true"#, "Exactly 3 items, no duplicates."),
            (#""prefixItems":[{"type":"string"}],"items":false"#, "Items in order: a string. No other items."),
            (
                #""items":[{"type":"string"}],"additionalItems":{"type":"null"}"#,
                "Items in order: a string. Other items are null."
            ),
            (
                #""if":{"properties":{"a":{"const":1}},"required":["a"]},"then":{"required":["b"]}"#,
                "If a is 1, give b."
            ),
            (
                #""if":{"required":["a"]},"then":{"required":["b"]},"else":{"properties":{"c":{"enum":["d","e"]}}}"#,
                #"If a is given, give b; otherwise, c is "d" or "e"."#
            ),
            (#""if":{"required":["a"]},"else":{"required":["b"]}"#, "Unless a is given, give b."),
        ]
    )
    func together(_ keywords: String, _ description: String) throws {
        let names = try JSON(parsing: "{\(keywords)}").object?.keys ?? []
        let lowered = OllamaTools.lowered([
            "name": "f", "parameters": ["properties": ["x": try JSON(parsing: "{\(keywords)}")]],
        ])
        #expect(lowered.tool[pointer: "/function/parameters/properties/x/description"]?.string == description)
        #expect(Set(lowered.notes.map(\.path)) == Set(names.map { "/properties/x/" + $0 }))
        #expect(lowered.notes.allSatisfy { $0.kind == .described })
    }

    @Test(
        "a keyword without a description is noted as dropped",
        arguments: [
            "unevaluatedProperties", "unevaluatedItems", "additionalProperties", "contentSchema", "discriminator",
            "x-order",
            "minContains",
        ]
    )
    func dropped(_ keyword: String) throws {
        try check(#""\#(keyword)":false"#, nil, ["dropped \(keyword)"])
    }

    private static let long = String(repeating: "a", count: 200)

    @Test(
        "a value that cannot be described is noted as dropped",
        arguments: [
            ("pattern", "\"\(long)\""), ("pattern", "1"), ("format", "[]"), ("minimum", "\"1\""),
            ("minimum", "{\"a\":1}"),
            ("maxLength", "-1"), ("minItems", "1.5"), ("uniqueItems", "\"yes\""), ("multipleOf", "null"),
            ("default", "null"), ("default", "\"\(long)\""), ("examples", "\"a\""), ("readOnly", "true"),
            ("not", #"{"anyOf":[{"type":"string"}]}"#), ("not", "1"), ("contains", "true"),
            ("prefixItems", "[0,1,2,3,4,5,6,7,8]"), ("propertyNames", "false"), ("dependentRequired", #"{"a":"b"}"#),
            ("patternProperties", #"{"^a":{"not":{}}}"#),
        ]
    )
    func undescribed(_ keyword: String, _ value: String) throws {
        try check("\"\(keyword)\":\(value)", nil, ["dropped \(keyword)"])
    }

    @Test("a condition that cannot be described is noted as dropped")
    func condition() throws {
        try check(#""if":{"minimum":1},"then":{"required":["a"]}"#, nil, ["dropped if", "dropped then"])
    }

    @Test(
        "a keyword without an effect is not noted",
        arguments: [
            #""additionalProperties":true"#, #""additionalProperties":{}"#, #""uniqueItems":false"#, #""minItems":0"#,
            #""deprecated":false"#, #""readOnly":false"#, #""unevaluatedItems":true"#, #""title":"X""#,
            #""if":{"minimum":1}"#,
            #""then":false"#,
        ]
    )
    func withoutEffect(_ keyword: String) throws {
        try check(keyword, nil, [])
    }

    @Test(
        "descriptions follow the author's own",
        arguments: [
            ("The page", "The page. At least 1."), ("The page.", "The page. At least 1."),
            ("The page?\n", "The page? At least 1."), ("", "At least 1."), ("At least 1. Or so.", "At least 1. Or so."),
        ]
    )
    func authoredDescription(_ authored: String, _ sent: String) throws {
        try check(#""description":\#(JSON.string(authored).text()),"minimum":1"#, sent, ["described minimum"])
    }

    @Test("the limits of a nested schema are described")
    func nestedLimits() throws {
        try check(#""not":{"pattern":"^a"}"#, "Not matching `^a`.", ["described not", "described not/pattern"])
        try check(
            #""additionalProperties":{"type":"integer","description":"How many.","minimum":1}"#,
            "Values are integers (How many; at least 1).",
            ["described additionalProperties", "described additionalProperties/minimum"]
        )
    }
}
