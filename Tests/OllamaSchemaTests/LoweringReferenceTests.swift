import OllamaSchema
import Testing
import ToolJSON

@Suite("The lowering of references")
struct LoweringReferenceTests {
    private static let definitions = ##"""
        {"Name":{"type":"string","maxLength":9,"description":"A name."},"a/b c":{"type":"integer"},
        "Marked":{"$anchor":"mark","type":"boolean"},"Chain":{"$ref":"#/$defs/Marked"},
        "Loop":{"$ref":"#/$defs/Pool"},"Pool":{"$ref":"#/$defs/Loop"},
        "Item":{"$id":"https://example.org/schemas/item","$defs":{"Name":{"const":1}},
        "properties":{"n":{"$ref":"#/$defs/Name"},"m":{"$ref":"./x/../part"}}},
        "Part":{"$id":"https://example.org/schemas/part","type":"null"},
        "Tree":{"type":"object","properties":{"v":{"type":"string"},
        "left":{"$ref":"#/$defs/Tree","description":"The left one."},
        "all":{"type":"array","items":{"$ref":"#/$defs/Tree"}}}}}
        """##

    @Test(
        "a reference is replaced by its target",
        arguments: [
            LoweringCase(
                ##"{"$ref":"#/$defs/Name"}"##,
                #"{"type":"string","description":"A name. At most 9 characters."}"#,
                "described !/$defs/Name/maxLength"
            ),
            LoweringCase(
                ##"{"description":"Mine","$ref":"#/$defs/Name","minLength":2,"title":"T"}"##,
                #"{"description":"Mine. 2 to 9 characters.","type":"string"}"#,
                "dropped !/$defs/Name/description",
                "described /minLength",
                "described !/$defs/Name/maxLength",
                "dropped /title"
            ),
            LoweringCase(##"{"$ref":"#/$defs/a~1b%20c"}"##, #"{"type":"integer"}"#),
            LoweringCase(##"{"$ref":"#/%24defs/a~1b c"}"##, #"{"type":"integer"}"#),
            LoweringCase(##"{"$ref":"#mark"}"##, #"{"type":"boolean"}"#),
            LoweringCase(##"{"$ref":"#/$defs/Chain"}"##, #"{"type":"boolean"}"#),
            LoweringCase(##"{"$dynamicRef":"#mark"}"##, #"{"type":"boolean"}"#),
            LoweringCase(
                ##"{"$ref":"https://example.org/schemas/item"}"##,
                #"{"type":"object","properties":{"n":{"type":"integer","enum":[1]},"m":{"type":"null"}}}"#,
                "rewritten !/$defs/Item/$defs/Name/const"
            ),
            LoweringCase(##"{"$ref":"https://example.org/schemas/part#"}"##, #"{"type":"null"}"#),
            LoweringCase(##"{"$ref":"#/$defs/Loop"}"##, #"{"type":ANY}"#),
            LoweringCase(##"{"$ref":"#/properties/x"}"##, #"{"type":ANY}"#),
            LoweringCase(##"{"$ref":"#/$defs/none"}"##, #"{"type":ANY}"#, "dropped /$ref"),
            LoweringCase(##"{"$ref":"#nothing"}"##, #"{"type":ANY}"#, "dropped /$ref"),
            LoweringCase(##"{"$ref":"#/$defs/%zz"}"##, #"{"type":ANY}"#, "dropped /$ref"),
            LoweringCase(##"{"$ref":"https://example.org/none"}"##, #"{"type":ANY}"#, "dropped /$ref"),
            LoweringCase(##"{"$ref":1,"type":"string"}"##, #"{"type":"string"}"#, "dropped /$ref"),
        ]
    )
    func inlining(_ schema: LoweringCase) throws {
        try schema.checkProperty(definitions: Self.definitions)
    }

    @Test("a recursive schema is sent once")
    func recursion() throws {
        try LoweringCase(
            ##"{"$ref":"#/$defs/Tree"}"##,
            #"{"type":"object","properties":{"v":{"type":"string"},"#
                + #""left":{"type":"object","description":"The left one. Nested the same way."},"#
                + #""all":{"type":"array","items":{"type":"object","description":"Nested the same way."}}}}"#,
            "truncated !/$defs/Tree/properties/left/$ref",
            "truncated !/$defs/Tree/properties/all/items/$ref"
        ).checkProperty(definitions: Self.definitions)
    }

    @Test("a reference to the parameters themselves is not followed again")
    func rootRecursion() throws {
        try LoweringCase(
            ##"{"type":"object","properties":{"more":{"$ref":"#"}}}"##,
            #"{"type":"object","properties":{"more":{"type":"object","description":"Nested the same way."}}}"#,
            "truncated /properties/more/$ref"
        ).checkParameters()
    }

    @Test("the parameters may be a reference")
    func root() throws {
        try LoweringCase(
            ##"{"$ref":"#/definitions/Arguments","definitions":{"Arguments":{"type":"object","required":["a"],"##
                + #""properties":{"a":{"type":"string"}}}}}"#,
            #"{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}}"#
        ).checkParameters()
    }

    // MARK: Size

    /// Definitions that refer to one another: each one doubles the previous one.
    private func doubling(_ schema: String) throws -> JSON {
        var definitions: JSONObject = ["D0": ["type": "string"]]
        for level in 1...64 {
            definitions["D\(level)"] = try JSON(parsing: schema.replacing("\"D\"", with: "\"#/$defs/D\(level - 1)\""))
        }
        return ["properties": ["x": ["$ref": "#/$defs/D64"]], "$defs": .object(definitions)]
    }

    @Test(
        "a schema that doubles with each reference stays small",
        arguments: [
            #"{"properties":{"a":{"$ref":"D"},"b":{"$ref":"D"}}}"#,
            #"{"anyOf":[{"$ref":"D"},{"$ref":"D"}]}"#,
            #"{"allOf":[{"$ref":"D"},{"anyOf":[{"$ref":"D"}]}]}"#,
            #"{"items":{"anyOf":[{"$ref":"D"},{"$ref":"D"}]}}"#,
            #"{"additionalProperties":{"anyOf":[{"$ref":"D"},{"$ref":"D"}]}}"#,
            #"{"if":{"$ref":"D"},"then":{"$ref":"D"},"not":{"$ref":"D"}}"#,
        ]
    )
    func exponentialSize(_ schema: String) throws {
        let parameters = try doubling(schema)
        let lowered = OllamaTools.lowered(["name": "f", "parameters": parameters])
        #expect(lowered.tool.bytes().count < 1 << 20)
        #expect(lowered.notes.count <= 256)
    }

    @Test("a schema that is too large is truncated with a note")
    func tooLarge() throws {
        let parameters = try doubling(#"{"anyOf":[{"$ref":"D"},{"$ref":"D"}]}"#)
        let lowered = OllamaTools.lowered(["name": "f", "parameters": parameters])
        #expect(lowered.notes.contains { $0.kind == .truncated })
        #expect(lowered.tool.text().contains("Nested too deeply to be shown."))
        let wide = JSONObject((0..<3000).map { ("p\($0)", ["type": "string"]) })
        let large = OllamaTools.lowered(["name": "f", "parameters": ["properties": .object(wide)]])
        #expect(large.notes.map(\.kind) == [.truncated])
        #expect(large.tool[pointer: "/function/parameters/properties/p0"] == ["type": "string"])
        let last = try #require(large.tool[pointer: "/function/parameters/properties/p2999"])
        #expect(last["description"] == "Too large to be shown.")
        #expect(last["type"]?.array?.count == 6)
    }
}
