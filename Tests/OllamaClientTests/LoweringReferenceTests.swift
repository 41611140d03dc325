import OllamaClient
import Testing
import ToolJSON

/// References are put in place, and what would have no end is cut.
@Suite struct LoweringReferenceTests {
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

    @Test(arguments: [
        LoweringCase(
            ##"{"$ref":"#/$defs/Name"}"##,
            #"{"type":"string","description":"A name. At most 9 characters."}"#,
            "folded !/$defs/Name/maxLength"
        ),
        LoweringCase(
            ##"{"description":"Mine","$ref":"#/$defs/Name","minLength":2,"title":"T"}"##,
            #"{"description":"Mine. 2 to 9 characters.","type":"string"}"#,
            "lost !/$defs/Name/description",
            "folded /minLength",
            "folded !/$defs/Name/maxLength",
            "lost /title"
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
        LoweringCase(##"{"$ref":"#/$defs/none"}"##, #"{"type":ANY}"#, "lost /$ref"),
        LoweringCase(##"{"$ref":"#nothing"}"##, #"{"type":ANY}"#, "lost /$ref"),
        LoweringCase(##"{"$ref":"#/$defs/%zz"}"##, #"{"type":ANY}"#, "lost /$ref"),
        LoweringCase(##"{"$ref":"https://example.org/none"}"##, #"{"type":ANY}"#, "lost /$ref"),
        LoweringCase(##"{"$ref":1,"type":"string"}"##, #"{"type":"string"}"#, "lost /$ref"),
    ])
    func areInlined(_ schema: LoweringCase) throws {
        try schema.checkProperty(definitions: Self.definitions)
    }

    @Test func recursionIsCut() throws {
        try LoweringCase(
            ##"{"$ref":"#/$defs/Tree"}"##,
            #"{"type":"object","properties":{"v":{"type":"string"},"#
                + #""left":{"type":"object","description":"The left one. Nested the same way."},"#
                + #""all":{"type":"array","items":{"type":"object","description":"Nested the same way."}}}}"#,
            "cut !/$defs/Tree/properties/left/$ref",
            "cut !/$defs/Tree/properties/all/items/$ref"
        ).checkProperty(definitions: Self.definitions)
    }

    @Test func aReferenceToTheParametersIsCut() throws {
        try LoweringCase(
            ##"{"type":"object","properties":{"more":{"$ref":"#"}}}"##,
            #"{"type":"object","properties":{"more":{"type":"object","description":"Nested the same way."}}}"#,
            "cut /properties/more/$ref"
        ).checkParameters()
    }

    @Test func theParametersThemselvesMayBeAReference() throws {
        try LoweringCase(
            ##"{"$ref":"#/definitions/Arguments","definitions":{"Arguments":{"type":"object","required":["a"],"##
                + #""properties":{"a":{"type":"string"}}}}}"#,
            #"{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}}"#
        ).checkParameters()
    }

    // MARK: Size

    /// Definitions that use one another: each of them makes two of the one before it.
    private func doubling(_ schema: String) throws -> JSON {
        var definitions: JSONObject = ["D0": ["type": "string"]]
        for level in 1...64 {
            definitions["D\(level)"] = try JSON(parsing: schema.replacing("\"D\"", with: "\"#/$defs/D\(level - 1)\""))
        }
        return ["properties": ["x": ["$ref": "#/$defs/D64"]], "$defs": .object(definitions)]
    }

    @Test(arguments: [
        #"{"properties":{"a":{"$ref":"D"},"b":{"$ref":"D"}}}"#,
        #"{"anyOf":[{"$ref":"D"},{"$ref":"D"}]}"#,
        #"{"allOf":[{"$ref":"D"},{"anyOf":[{"$ref":"D"}]}]}"#,
        #"{"items":{"anyOf":[{"$ref":"D"},{"$ref":"D"}]}}"#,
        #"{"additionalProperties":{"anyOf":[{"$ref":"D"},{"$ref":"D"}]}}"#,
        #"{"if":{"$ref":"D"},"then":{"$ref":"D"},"not":{"$ref":"D"}}"#,
    ])
    func doublingDoesNotExplode(_ schema: String) throws {
        let parameters = try doubling(schema)
        let lowered = OllamaTools.lowered(["name": "f", "parameters": parameters])
        #expect(lowered.tool.bytes().count < 1 << 20)
        #expect(lowered.notes.count <= 256)
    }

    @Test func whatIsCutForItsSizeSaysSo() throws {
        let parameters = try doubling(#"{"anyOf":[{"$ref":"D"},{"$ref":"D"}]}"#)
        let lowered = OllamaTools.lowered(["name": "f", "parameters": parameters])
        #expect(lowered.notes.contains { $0.kind == .cut })
        #expect(lowered.tool.text().contains("Nested too deeply to be shown."))
        let wide = JSONObject((0..<3000).map { ("p\($0)", ["type": "string"]) })
        let large = OllamaTools.lowered(["name": "f", "parameters": ["properties": .object(wide)]])
        #expect(large.notes.map(\.kind) == [.cut])
        #expect(large.tool[pointer: "/function/parameters/properties/p0"] == ["type": "string"])
        let last = try #require(large.tool[pointer: "/function/parameters/properties/p2999"])
        #expect(last["description"] == "Too large to be shown.")
        #expect(last["type"]?.array?.count == 6)
    }
}
