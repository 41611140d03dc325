import OllamaClient
import Testing
import ToolJSON

/// One schema: as authored, as sent, and what is noted, a kind and a pointer each.
///
/// `ANY` in what is sent stands for all types.
struct LoweringCase: CustomTestStringConvertible {
    let authored: String
    let sent: String
    let notes: [String]

    init(_ authored: String, _ sent: String, _ notes: String...) {
        self.authored = authored
        self.sent = sent.replacing("ANY", with: #"["string","number","boolean","object","array","null"]"#)
        self.notes = notes
    }

    var testDescription: String { authored }

    /// Lowers the schema as the only property of a function, and compares.
    func checkProperty(definitions: String = "{}") throws {
        let parameters =
            #"{"type":"object","$defs":\#(definitions),"properties":{"x":\#(authored)}}"#
        let sent = #"{"type":"object","properties":\#(sent.isEmpty ? "{}" : #"{"x":\#(sent)}"#)}"#
        try LoweringCase(parameters, sent, notes, prefix: "/properties/x").checkParameters()
    }

    /// Lowers the schema as the parameters of a function, and compares.
    func checkParameters() throws {
        let lowered = OllamaTools.lowered(["name": "f", "parameters": try JSON(parsing: authored)])
        #expect(lowered.tool[pointer: "/function/parameters"]?.text() == sent)
        #expect(lowered.notes.map { "\($0.kind) \($0.path)" } == notes)
        var decoder = OllamaToolDecoder()
        _ = try decoder.decode([lowered.tool])
        #expect(decoder.dropped.isEmpty)
    }

    private init(_ authored: String, _ sent: String, _ notes: [String], prefix: String) {
        self.authored = authored
        self.sent = sent
        self.notes = notes.map { note in
            let parts = note.split(separator: " ", maxSplits: 1)
            let path = parts.count > 1 ? parts[1] : ""
            return "\(parts[0]) " + (path.hasPrefix("!") ? String(path.dropFirst()) : prefix + path)
        }
    }
}

/// What becomes of each keyword that Ollama has a field for, and of each shape that it refuses.
@Suite struct LoweringTests {
    @Test(arguments: [
        LoweringCase(
            #"{"type":"string","description":"The name","enum":["a","b"]}"#,
            #"{"type":"string","description":"The name","enum":["a","b"]}"#
        ),
        LoweringCase(
            #"{"required":["y"],"properties":{"y":{"type":["string","null"]}},"type":"object"}"#,
            #"{"required":["y"],"properties":{"y":{"type":["string","null"]}},"type":"object"}"#
        ),
        LoweringCase(
            #"{"anyOf":[{"type":"string"},{"type":"null"}],"items":{"type":"string"},"description":""}"#,
            #"{"anyOf":[{"type":"string"},{"type":"null"}],"items":{"type":"string"},"description":""}"#
        ),
        LoweringCase(#"{"type":"made-up","required":[]}"#, #"{"type":"made-up","required":[]}"#),
    ])
    func whatIsKeptStaysAsItIs(_ schema: LoweringCase) throws {
        try schema.checkProperty()
    }

    @Test(arguments: [
        LoweringCase("true", #"{"type":ANY}"#),
        LoweringCase("false", "", "lost"),
        LoweringCase("null", #"{"type":ANY}"#, "lost"),
        LoweringCase(#""string""#, #"{"type":ANY}"#, "lost"),
        LoweringCase(#"{"type":["string"]}"#, #"{"type":"string"}"#),
        LoweringCase(#"{"type":[]}"#, #"{"type":ANY}"#, "lost /type"),
        LoweringCase(#"{"type":1}"#, #"{"type":ANY}"#, "lost /type"),
        LoweringCase(#"{"type":null}"#, #"{"type":ANY}"#, "lost /type"),
        LoweringCase(#"{"type":["string",1]}"#, #"{"type":"string"}"#, "lost /type"),
        LoweringCase(#"{"Type":1}"#, #"{"type":ANY}"#, "lost /Type"),
        LoweringCase(#"{"description":["a"]}"#, #"{"type":ANY}"#, "lost /description"),
        LoweringCase(#"{"enum":"a"}"#, #"{"type":ANY}"#, "lost /enum"),
        LoweringCase(#"{"enum":[]}"#, #"{"type":ANY}"#, "lost /enum"),
        LoweringCase(#"{"enum":[1,1e999]}"#, #"{"type":"integer","enum":[1]}"#, "lost /enum"),
        LoweringCase(#"{"enum":[{"a":[1e999]}]}"#, #"{"type":ANY}"#, "lost /enum"),
        LoweringCase(
            #"{"enum":[9007199254740993]}"#,
            #"{"type":"integer","enum":[9007199254740993],"description":"In full: 9007199254740993."}"#,
            "folded"
        ),
        LoweringCase(#"{"properties":[]}"#, #"{"type":ANY}"#, "lost /properties"),
        LoweringCase(#"{"properties":{"y":true}}"#, #"{"type":"object","properties":{"y":{"type":ANY}}}"#),
        LoweringCase(
            #"{"properties":{"y":false},"required":["y","z"]}"#,
            #"{"type":"object","properties":{},"required":["z"]}"#,
            "lost /properties/y",
            "lost"
        ),
        LoweringCase(#"{"required":true}"#, #"{"type":ANY}"#, "lost /required"),
        LoweringCase(#"{"required":"y"}"#, #"{"type":ANY}"#, "lost /required"),
        LoweringCase(#"{"required":["y",1]}"#, #"{"type":"object","required":["y"]}"#, "lost /required"),
        LoweringCase(#"{"anyOf":{}}"#, #"{"type":ANY}"#, "lost /anyOf"),
        LoweringCase(#"{"anyOf":[]}"#, #"{"type":ANY}"#),
        LoweringCase(#"{"anyOf":[true,{"type":"null"}]}"#, #"{"anyOf":[{"type":ANY},{"type":"null"}]}"#),
        LoweringCase(#"{"anyOf":[false,{"type":"null"}]}"#, #"{"anyOf":[{"type":"null"}]}"#),
        LoweringCase(#"{"anyOf":[false]}"#, #"{"type":ANY}"#, "lost /anyOf"),
        LoweringCase(#"{"items":true}"#, #"{"type":"array","items":{"type":ANY}}"#),
        LoweringCase(#"{"items":false}"#, #"{"type":"array","description":"Always empty."}"#, "folded /items"),
        LoweringCase(#"{"items":3}"#, #"{"type":ANY}"#, "lost /items"),
    ])
    func whatIsRefusedComesOutRight(_ schema: LoweringCase) throws {
        try schema.checkProperty()
    }

    @Test(arguments: [
        LoweringCase(#"{"const":"a"}"#, #"{"type":"string","enum":["a"]}"#, "rewritten /const"),
        LoweringCase(#"{"const":null}"#, #"{"type":"null","enum":[null]}"#, "rewritten /const"),
        LoweringCase(#"{"const":"a","enum":["a","b"]}"#, #"{"type":"string","enum":["a"]}"#, "rewritten /const"),
        LoweringCase(
            #"{"oneOf":[{"type":"integer"},{"type":"string","maxLength":3}]}"#,
            #"{"anyOf":[{"type":"integer"},{"type":"string","description":"At most 3 characters."}]}"#,
            "folded /oneOf/1/maxLength",
            "rewritten /oneOf"
        ),
        LoweringCase(
            #"{"anyOf":[{"type":"string"}],"oneOf":[{"minLength":1}]}"#,
            #"{"anyOf":[{"type":"string"}]}"#,
            "lost /oneOf"
        ),
        LoweringCase(
            #"{"title":"Unit","oneOf":[{"const":"c","title":"Celsius"},{"const":"f","description":"Fahrenheit."}]}"#,
            #"{"type":"string","enum":["c","f"],"description":"Unit. c: Celsius; f: Fahrenheit."}"#,
            "rewritten /oneOf",
            "folded /title"
        ),
        LoweringCase(
            #"{"anyOf":[{"type":"string","const":"a"},{"type":"null"}]}"#,
            #"{"type":["string","null"],"enum":["a",null]}"#,
            "rewritten /anyOf"
        ),
        LoweringCase(
            #"{"anyOf":[{"enum":["a"],"description":"d"},{"enum":["b"]}]}"#,
            #"{"anyOf":[{"type":"string","enum":["a"],"description":"d"},{"type":"string","enum":["b"]}]}"#
        ),
        LoweringCase(
            #"{"allOf":[{"type":["integer","string"],"minimum":1},{"type":"number","minimum":5}],"description":"d"}"#,
            #"{"description":"d. At least 5.","type":"integer"}"#,
            "folded /allOf/0/minimum",
            "folded /allOf/1/minimum"
        ),
        LoweringCase(
            #"{"allOf":[{"properties":{"y":{"type":"string"}},"required":["y"]},"#
                + #"{"properties":{"y":{"enum":["a"]},"z":true},"required":["y","z"]}]}"#,
            #"{"type":"object","properties":{"y":{"type":"string","enum":["a"]},"z":{"type":ANY}},"required":["y","z"]}"#
        ),
        LoweringCase(
            #"{"type":"string","allOf":[{"type":"integer"}]}"#,
            #"{"type":"string"}"#,
            "lost /allOf/0/type"
        ),
        LoweringCase(#"{"allOf":[false]}"#, "", "lost"),
        LoweringCase(#"{"allOf":{}}"#, #"{"type":ANY}"#, "lost /allOf"),
        LoweringCase(#"{"type":"string","nullable":true}"#, #"{"type":["string","null"]}"#),
        LoweringCase(#"{"type":"string","nullable":false}"#, #"{"type":"string"}"#),
        LoweringCase(
            #"{"nullable":true,"anyOf":[{"type":"string"}]}"#,
            #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#
        ),
        LoweringCase(#"{"nullable":1}"#, #"{"type":ANY}"#, "lost /nullable"),
        LoweringCase(##"{"$comment":"c","$schema":"s","$defs":{},"$id":"i"}"##, #"{"type":ANY}"#),
    ])
    func whatIsDroppedIsSentInAnotherForm(_ schema: LoweringCase) throws {
        try schema.checkProperty()
    }

    @Test func alternativesWithManyWordsStay() throws {
        let words = String(repeating: "word ", count: 50)
        let branches = (0..<3).map { #"{"enum":["\#($0)"],"description":"\#(words)"}"# }.joined(separator: ",")
        try LoweringCase(
            #"{"oneOf":[\#(branches.replacing(#""enum":["0"]"#, with: #""const":"0""#))]}"#,
            #"{"anyOf":[\#(branches.replacing(#"{"enum""#, with: #"{"type":"string","enum""#))]}"#,
            "rewritten /oneOf/0/const",
            "rewritten /oneOf"
        ).checkProperty()
    }
}
