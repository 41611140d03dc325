import Testing
import ToolJSON
import ToolSchema

@Suite("Unusable schemas")
struct UnusableSchemaTests {
    @Test(
        "an invalid schema is rejected with the reason and the location",
        arguments: [
            (#"12"#, "A schema must be an object, true or false; this is 12."),
            (#"{"properties":{"a":[]}}"#, "At /properties/a: A schema must be an object, true or false; this is []."),
            (#"{"type":"text"}"#, #""type" must be null, boolean, integer"#),
            (#"{"type":[]}"#, #""type" must be"#),
            (#"{"enum":1}"#, #""enum" must be an array of values; it is 1."#),
            (#"{"minimum":"1"}"#, #""minimum" must be a number; it is "1"."#),
            (#"{"multipleOf":0}"#, #""multipleOf" must be a number greater than 0"#),
            (#"{"multipleOf":1.2345678901234567890123}"#, "of at most 18 digits"),
            (#"{"exclusiveMinimum":true}"#, #""exclusiveMinimum": true requires "minimum"."#),
            (
                #"{"$schema":"http://json-schema.org/draft-04/schema#","exclusiveMaximum":true}"#,
                #""exclusiveMaximum": true requires "maximum"."#
            ),
            (#"{"minLength":-1}"#, #""minLength" must be an integer that is not negative; it is -1."#),
            (#"{"maxItems":1.5}"#, #""maxItems" must be an integer"#),
            (#"{"uniqueItems":1}"#, #""uniqueItems" must be true or false"#),
            (#"{"required":"a"}"#, #""required" must be an array of names"#),
            (#"{"required":[1]}"#, #""required" must be an array of names"#),
            (#"{"dependentRequired":{"a":"b"}}"#, #""dependentRequired" must be an object of arrays of names"#),
            (#"{"properties":[]}"#, #""properties" must be an object of schemas"#),
            (#"{"allOf":[]}"#, #""allOf" must be an array of at least one schema"#),
            (#"{"anyOf":{}}"#, #""anyOf" must be an array"#),
            (
                #"{"$schema":"https://json-schema.org/draft/2020-12/schema","items":[{}]}"#,
                #"Write "prefixItems" instead"#
            ),
            (#"{"pattern":"("}"#, #"The regular expression "(" of "pattern" cannot be used"#),
            (
                #"{"patternProperties":{"[":true}}"#,
                #"The regular expression "[" of "patternProperties" cannot be used"#
            ),
            (#"{"$ref":1}"#, #""$ref" must be a URI reference"#),
            (
                ##"{"$ref":"#/$defs/none"}"##,
                ##"The reference "#/$defs/none" does not resolve: no schema exists there."##
            ),
            (##"{"$ref":"#none"}"##, "does not resolve"),
            (##"{"$ref":"#/%zz"}"##, "invalid percent encoding"),
            (#"{"$ref":"http://example.com/other.json"}"#, "a document that is not registered, and nothing is fetched"),
            (#"{"$ref":"other.json"}"#, "a document that is not registered"),
            (##"{"$ref":"#"}"##, "refers to itself for the same value"),
            (
                ##"{"$ref":"#/$defs/a","$defs":{"a":{"allOf":[{"$ref":"#/$defs/b"}]},"b":{"$ref":"#/$defs/a"}}}"##,
                "refers to itself"
            ),
            (##"{"not":{"if":{"$ref":"#"}}}"##, "refers to itself"),
            (##"{"$recursiveRef":"#"}"##, #""$recursiveRef" is only defined in draft 2019-09."#),
            (#"{"$schema":"http://example.com/none"}"#, "is not supported"),
            (#"{"$schema":7}"#, #""$schema" must be a URI"#),
            (##"{"$id":"a#b"}"##, #""$id" must be a URI without a fragment"#),
            (#"{"$defs":{"a":{"$id":"x"},"b":{"$id":"x"}}}"#, "is used twice"),
            (#"{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}"#, #"The anchor "x" is used twice."#),
            (#"{"$anchor":"1x"}"#, #""$anchor" must be a letter or underscore"#),
        ]
    )
    func refused(schema: String, words: String) throws {
        let error = try #require(throws: SchemaError.self) { try Schema(JSON(parsing: schema)) }
        #expect(error.description.contains(words), "\(error)")
    }

    @Test(
        "the code of an error names its kind",
        arguments: [
            (#"{"type":1}"#, .invalidSchema), ("[]", .invalidSchema), (#"{"pattern":"("}"#, .invalidPattern),
            (#"{"$schema":"http://example.com/none"}"#, .unsupportedDialect),
            (##"{"$ref":"#none"}"##, .unresolvedReference), (#"{"$ref":"other.json"}"#, .unresolvedReference),
            (##"{"$ref":"#"}"##, .circularReference),
            (#"{"allOf":[{"$anchor":"a"},{"$anchor":"a"}]}"#, .duplicateIdentifier),
        ] as [(String, SchemaError.Code)]
    )
    func codes(schema: String, code: SchemaError.Code) throws {
        let error = try #require(throws: SchemaError.self) { try Schema(JSON(parsing: schema)) }
        #expect(error.code == code)
        #expect((error.underlyingError != nil) == (code == .invalidPattern))
    }

    @Test("two errors are equal if their code, location and message are")
    func equality() throws {
        let errors = try [#"{"pattern":"("}"#, #"{"pattern":"("}"#, #"{"not":{"pattern":"("}}"#].map { schema in
            try #require(throws: SchemaError.self) { try Schema(JSON(parsing: schema)) }
        }
        #expect(errors[0] == errors[1] && errors[0] != errors[2])
        #expect(Set(errors).count == 2)
    }

    @Test("an unknown required vocabulary is rejected by name")
    func vocabulary() throws {
        var documents = SchemaDocuments()
        documents.register(["$vocabulary": ["http://example.com/units": true]], at: "http://example.com/meta")
        let error = try #require(throws: SchemaError.self) {
            try Schema(["$schema": "http://example.com/meta"], documents: documents)
        }
        #expect(error.message.contains("the vocabulary http://example.com/units, which is not supported"))
    }

    @Test("a value is rejected if its check exceeds the budget")
    func tooLong() throws {
        var definitions: JSONObject = ["level0": ["type": "integer"]]
        for level in 1...60 {
            let inner: JSON = ["$ref": .string("#/$defs/level\(level - 1)")]
            definitions["level\(level)"] = ["allOf": [inner, inner]]
        }
        let schema = try Schema(["$ref": "#/$defs/level60", "$defs": .object(definitions)])
        #expect(!schema.accepts(1))
        #expect(schema.violations(in: 1).map(\.message) == ["the value: too large to check against the schema"])
        let negated = try Schema(["not": ["$ref": "#/$defs/level60"], "$defs": .object(definitions)])
        #expect(!negated.accepts(1))
    }

    @Test("a value is rejected if the search of a pattern does not end")
    func pattern() throws {
        let value: JSON = .string(String(repeating: "a", count: 60) + "!")
        for schema: JSON in [
            ["pattern": "^(a+)+$"], ["not": ["pattern": "^(a+)+$"]], ["anyOf": [["pattern": "^(a+)+$"], true]],
        ] {
            let schema = try Schema(schema)
            #expect(!schema.accepts(value))
            #expect(schema.violations(in: value).count == 1)
        }
        let nested = try Schema(["properties": ["s": ["pattern": "^(a+)+$"]]])
        #expect(nested.violations(in: ["s": value]).map(\.path) == ["/s"])
    }

    @Test("a chain of references can be as long as the maximum depth")
    func chain() throws {
        var definitions: JSONObject = ["d0": ["type": "integer"]]
        for index in 1...20_000 { definitions["d\(index)"] = ["$ref": .string("#/$defs/d\(index - 1)")] }
        let schema = try Schema(["$ref": "#/$defs/d500", "$defs": .object(definitions)])
        #expect(schema.accepts(1))
        let deep = try Schema(["$ref": "#/$defs/d20000", "$defs": .object(definitions)])
        #expect(!deep.accepts(1))
    }

    @Test("a schema can contain itself below a member")
    func deepValue() throws {
        var value: JSON = [:]
        for _ in 0..<126 { value = ["next": value] }
        let schema = try Schema(["properties": ["next": ["$ref": "#"]], "additionalProperties": false])
        #expect(schema.accepts(value))
    }
}

extension UnusableSchemaTests {
    @Test("many slow patterns share one budget, so the check ends soon")
    func manyPatterns() throws {
        var patterns = JSONObject()
        for index in 0..<60 { patterns["^(a|a|b)*(a*)*c\(index)$"] = ["type": "string"] }
        let schema = try Schema(["patternProperties": .object(patterns), "type": "object"])
        var value = JSONObject()
        for index in 0..<30 { value[String(repeating: "a", count: 20) + "\(index)"] = "x" }
        let start = ContinuousClock.now
        #expect(!schema.accepts(.object(value)))
        #expect(!schema.fitting(.object(value)).violations.isEmpty)
        // Without a shared budget, this takes minutes.
        #expect(ContinuousClock.now - start < .seconds(10))
    }
}
