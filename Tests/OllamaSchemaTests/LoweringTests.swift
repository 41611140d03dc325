import OllamaSchema
import Testing
import ToolJSON

/// A schema as authored and as sent, and the notes: a kind and a pointer each.
///
/// `ANY` in the schema as sent stands for all types.
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

    /// Lowers the schema as the only property of a function, which a server without arrays of types must decode.
    func checkOldServer() throws {
        let parameters: JSON = ["type": "object", "properties": ["x": try JSON(parsing: authored)]]
        let sent = OllamaTools.tool(for: ["name": "f", "parameters": parameters])
        let type = sent[pointer: "/function/parameters/properties/x/type"]
        #expect(type == nil || type?.string != nil, "\(sent.text())")
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

@Suite("The lowering of supported keywords and malformed values")
struct LoweringTests {
    @Test(
        "a supported keyword is sent as its author wrote it",
        arguments: [
            LoweringCase(
                #"{"type":"string","description":"The name","enum":["a","b"]}"#,
                #"{"type":"string","description":"The name","enum":["a","b"]}"#
            ),
            LoweringCase(
                #"{"required":["y"],"properties":{"y":{"type":"string"}},"type":"object"}"#,
                #"{"required":["y"],"properties":{"y":{"type":"string"}},"type":"object"}"#
            ),
            LoweringCase(
                #"{"anyOf":[{"type":"string","description":"d"},{"type":"null"}],"items":{"type":"string"},"#
                    + #""description":""}"#,
                #"{"anyOf":[{"type":"string","description":"d"},{"type":"null"}],"items":{"type":"string"},"#
                    + #""description":""}"#
            ),
            LoweringCase(#"{"type":"made-up","required":[]}"#, #"{"type":"made-up","required":[]}"#),
        ]
    )
    func kept(_ schema: LoweringCase) throws {
        try schema.checkProperty()
    }

    @Test(
        "a value that Ollama would refuse is replaced or dropped",
        arguments: [
            LoweringCase("true", #"{"type":ANY}"#),
            LoweringCase("false", "", "dropped"),
            LoweringCase("null", #"{"type":ANY}"#, "dropped"),
            LoweringCase(#""string""#, #"{"type":ANY}"#, "dropped"),
            LoweringCase(#"{"type":["string"]}"#, #"{"type":"string"}"#),
            LoweringCase(#"{"type":[]}"#, #"{"type":ANY}"#, "dropped /type"),
            LoweringCase(#"{"type":1}"#, #"{"type":ANY}"#, "dropped /type"),
            LoweringCase(#"{"type":null}"#, #"{"type":ANY}"#, "dropped /type"),
            LoweringCase(#"{"type":["string",1]}"#, #"{"type":"string"}"#, "dropped /type"),
            LoweringCase(#"{"Type":1}"#, #"{"type":ANY}"#, "dropped /Type"),
            LoweringCase(#"{"description":["a"]}"#, #"{"type":ANY}"#, "dropped /description"),
            LoweringCase(#"{"enum":"a"}"#, #"{"type":ANY}"#, "dropped /enum"),
            LoweringCase(#"{"enum":[]}"#, #"{"type":ANY}"#, "dropped /enum"),
            LoweringCase(#"{"enum":[1,1e999]}"#, #"{"type":"integer","enum":[1]}"#, "dropped /enum"),
            LoweringCase(#"{"enum":[{"a":[1e999]}]}"#, #"{"type":ANY}"#, "dropped /enum"),
            LoweringCase(
                #"{"enum":[9007199254740993]}"#,
                #"{"type":"integer","enum":[9007199254740993],"description":"In full: 9007199254740993."}"#,
                "described"
            ),
            LoweringCase(#"{"properties":[]}"#, #"{"type":ANY}"#, "dropped /properties"),
            LoweringCase(#"{"properties":{"y":true}}"#, #"{"type":"object","properties":{"y":{"type":ANY}}}"#),
            LoweringCase(
                #"{"properties":{"y":false},"required":["y","z"]}"#,
                #"{"type":"object","properties":{},"required":["z"]}"#,
                "dropped /properties/y",
                "dropped"
            ),
            LoweringCase(#"{"required":true}"#, #"{"type":ANY}"#, "dropped /required"),
            LoweringCase(#"{"required":"y"}"#, #"{"type":ANY}"#, "dropped /required"),
            LoweringCase(#"{"required":["y",1]}"#, #"{"type":"object","required":["y"]}"#, "dropped /required"),
            LoweringCase(#"{"anyOf":{}}"#, #"{"type":ANY}"#, "dropped /anyOf"),
            LoweringCase(#"{"anyOf":[]}"#, #"{"type":ANY}"#),
            LoweringCase(#"{"anyOf":[true,{"type":"null"}]}"#, #"{"anyOf":[{"type":ANY},{"type":"null"}]}"#),
            LoweringCase(#"{"anyOf":[false,{"type":"null"}]}"#, #"{"type":"null"}"#, "rewritten /anyOf"),
            LoweringCase(#"{"anyOf":[false]}"#, #"{"type":ANY}"#, "dropped /anyOf"),
            LoweringCase(#"{"items":true}"#, #"{"type":"array","items":{"type":ANY}}"#),
            LoweringCase(#"{"items":false}"#, #"{"type":"array","description":"Always empty."}"#, "described /items"),
            LoweringCase(#"{"items":3}"#, #"{"type":ANY}"#, "dropped /items"),
        ]
    )
    func refused(_ schema: LoweringCase) throws {
        try schema.checkProperty()
    }

    @Test(
        "a keyword that Ollama would drop is sent in another form",
        arguments: [
            LoweringCase(#"{"const":"a"}"#, #"{"type":"string","enum":["a"]}"#, "rewritten /const"),
            LoweringCase(#"{"const":null}"#, #"{"type":"null","enum":[null]}"#, "rewritten /const"),
            LoweringCase(#"{"const":"a","enum":["a","b"]}"#, #"{"type":"string","enum":["a"]}"#, "rewritten /const"),
            LoweringCase(
                #"{"oneOf":[{"type":"integer"},{"type":"string","maxLength":3}]}"#,
                #"{"anyOf":[{"type":"integer"},{"type":"string","description":"At most 3 characters."}]}"#,
                "described /oneOf/1/maxLength",
                "rewritten /oneOf"
            ),
            LoweringCase(
                #"{"anyOf":[{"type":"string"}],"oneOf":[{"minLength":1}]}"#,
                #"{"type":"string"}"#,
                "dropped /oneOf",
                "rewritten /anyOf"
            ),
            LoweringCase(
                #"{"title":"Unit","oneOf":[{"const":"c","title":"Celsius"},{"const":"f","description":"Fahrenheit."}]}"#,
                #"{"type":"string","enum":["c","f"],"description":"Unit. c: Celsius; f: Fahrenheit."}"#,
                "rewritten /oneOf",
                "described /title"
            ),
            LoweringCase(
                #"{"anyOf":[{"type":"string","const":"a"},{"type":"null"}]}"#,
                #"{"type":"string","enum":["a",null]}"#,
                "rewritten /anyOf",
                "rewritten"
            ),
            LoweringCase(
                #"{"anyOf":[{"enum":["a"],"description":"d"},{"enum":["b"]}]}"#,
                #"{"anyOf":[{"type":"string","enum":["a"],"description":"d"},{"type":"string","enum":["b"]}]}"#
            ),
            LoweringCase(
                #"{"allOf":[{"type":["integer","string"],"minimum":1},{"type":"number","minimum":5}],"description":"d"}"#,
                #"{"description":"d. At least 5.","type":"integer"}"#,
                "described /allOf/0/minimum",
                "described /allOf/1/minimum"
            ),
            LoweringCase(
                #"{"allOf":[{"properties":{"y":{"type":"string"}},"required":["y"]},"#
                    + #"{"properties":{"y":{"enum":["a"]},"z":true},"required":["y","z"]}]}"#,
                #"{"type":"object","properties":{"y":{"type":"string","enum":["a"]},"z":{"type":ANY}},"required":["y","z"]}"#
            ),
            LoweringCase(
                #"{"type":"string","allOf":[{"type":"integer"}]}"#,
                #"{"type":"string"}"#,
                "dropped /allOf/0/type"
            ),
            LoweringCase(#"{"allOf":[false]}"#, "", "dropped"),
            LoweringCase(#"{"allOf":{}}"#, #"{"type":ANY}"#, "dropped /allOf"),
            LoweringCase(
                #"{"type":"string","nullable":true}"#,
                #"{"type":"string","description":"Or null."}"#,
                "rewritten /type"
            ),
            LoweringCase(#"{"type":"string","nullable":false}"#, #"{"type":"string"}"#),
            LoweringCase(
                #"{"nullable":true,"anyOf":[{"type":"string"}]}"#,
                #"{"type":"string","description":"Or null."}"#,
                "rewritten /anyOf"
            ),
            LoweringCase(#"{"nullable":1}"#, #"{"type":ANY}"#, "dropped /nullable"),
            LoweringCase(##"{"$comment":"c","$schema":"s","$defs":{},"$id":"i"}"##, #"{"type":ANY}"#),
        ]
    )
    func rewritten(_ schema: LoweringCase) throws {
        try schema.checkProperty()
    }

    @Test("alternatives with long descriptions are not replaced by an enum")
    func longDescriptions() throws {
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
