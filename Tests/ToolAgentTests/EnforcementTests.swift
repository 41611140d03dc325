import OllamaClient
import Testing
import ToolHost
import ToolJSON
import ToolPlugin

/// Ollama drops, rewrites or refuses most keywords of JSON Schema; the host enforces all of them.
@Suite("Enforced schemas")
struct EnforcementTests {
    struct Case: Sendable, CustomTestStringConvertible {
        /// The schema of the parameter `x`, as its author wrote it.
        let schema: String
        /// The schema of `x` as it is sent, or nil if `x` is not sent at all.
        let sent: String?
        let accepted: String?
        let refused: String?

        init(_ schema: String, sent: String?, accepts accepted: String?, refuses refused: String?) {
            self.schema = schema
            self.sent = sent
            self.accepted = accepted
            self.refused = refused
        }

        var testDescription: String { schema }
    }

    private struct Echo: ProgramTool {
        let schema: JSONObject
        func execute(_ arguments: JSONObject) async throws -> ToolReply { .json(.object(arguments)) }
    }

    @Test(
        "a parameter is validated against the whole schema, whatever part of it is sent",
        arguments: [
            Case(
                #"{"type":"integer","minimum":1,"maximum":10}"#,
                sent: #"{"type":"integer","description":"From 1 to 10."}"#,
                accepts: #"10"#,
                refuses: #"11"#
            ),
            Case(
                #"{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}"#,
                sent: #"{"type":"number","description":"More than 0 and less than 1."}"#,
                accepts: #"0.5"#,
                refuses: #"1"#
            ),
            Case(
                #"{"type":"integer","multipleOf":5}"#,
                sent: #"{"type":"integer","description":"Multiple of 5."}"#,
                accepts: #"10"#,
                refuses: #"7"#
            ),
            Case(
                #"{"type":"string","minLength":2,"maxLength":4}"#,
                sent: #"{"type":"string","description":"2 to 4 characters."}"#,
                accepts: #""abc""#,
                refuses: #""a""#
            ),
            Case(
                #"{"type":"string","pattern":"^[a-z]+$"}"#,
                sent: #"{"type":"string","description":"Matching `^[a-z]+$`."}"#,
                accepts: #""abc""#,
                refuses: #""ABC""#
            ),
            Case(
                #"{"type":"string","format":"date","description":"The day"}"#,
                sent: #"{"type":"string","description":"The day. Format date."}"#,
                accepts: #""2026-01-31""#,
                refuses: nil
            ),
            Case(
                #"{"type":"array","items":{"type":"integer","minimum":0},"minItems":1,"maxItems":2}"#,
                sent: #"{"type":"array","items":{"type":"integer","minimum":0},"description":"1 to 2 items."}"#,
                accepts: #"[1]"#,
                refuses: #"[1,2,3]"#
            ),
            Case(
                #"{"type":"array","items":{"type":"integer","minimum":0}}"#,
                sent: #"{"type":"array","items":{"type":"integer","minimum":0}}"#,
                accepts: #"[0]"#,
                refuses: #"[-1]"#
            ),
            Case(
                #"{"type":"array","uniqueItems":true}"#,
                sent: #"{"type":"array","description":"No duplicates."}"#,
                accepts: #"[1,2]"#,
                refuses: #"[1,1]"#
            ),
            Case(
                #"{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}],"items":false}"#,
                sent: #"{"type":"array","description":"Items in order: a string, an integer. No other items."}"#,
                accepts: #"["a",1]"#,
                refuses: #"["a",1,2]"#
            ),
            Case(
                #"{"type":"array","contains":{"const":"a"}}"#,
                sent: #"{"type":"array","description":"Has at least one item that is \"a\"."}"#,
                accepts: #"["a"]"#,
                refuses: #"["b"]"#
            ),
            Case(
                #"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}"#,
                sent: #"{"type":"object","properties":{"a":{"type":"string"}}}"#,
                accepts: #"{"a":"b"}"#,
                refuses: #"{"b":1}"#
            ),
            Case(
                #"{"type":"object","additionalProperties":{"type":"integer"}}"#,
                sent: #"{"type":"object","description":"Values are integers."}"#,
                accepts: #"{"a":1}"#,
                refuses: #"{"a":"x"}"#
            ),
            Case(
                #"{"type":"object","patternProperties":{"^n_":{"type":"integer"}}}"#,
                sent: #"{"type":"object","description":"Values of names matching `^n_` are integers."}"#,
                accepts: #"{"n_a":1}"#,
                refuses: #"{"n_a":"x"}"#
            ),
            Case(
                #"{"type":"object","propertyNames":{"maxLength":2}}"#,
                sent: #"{"type":"object","description":"Names are values (at most 2 characters)."}"#,
                accepts: #"{"ab":1}"#,
                refuses: #"{"abc":1}"#
            ),
            Case(
                #"{"type":"object","minProperties":1,"maxProperties":2}"#,
                sent: #"{"type":"object","description":"1 to 2 entries."}"#,
                accepts: #"{"a":1}"#,
                refuses: #"{}"#
            ),
            Case(
                #"{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"}},"dependentRequired":{"a":["b"]}}"#,
                sent:
                    #"{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"}},"description":"With a, give b."}"#,
                accepts: #"{"a":1,"b":2}"#,
                refuses: #"{"a":1}"#
            ),
            Case(
                #"{"type":"object","properties":{"a":{"type":"integer"}},"dependentSchemas":{"a":{"maxProperties":1}}}"#,
                sent: #"{"type":"object","properties":{"a":{"type":"integer"}}}"#,
                accepts: #"{"a":1}"#,
                refuses: #"{"a":1,"b":2}"#
            ),
            Case(
                #"{"const":"fast"}"#,
                sent: #"{"type":"string","enum":["fast"]}"#,
                accepts: #""fast""#,
                refuses: #""slow""#
            ),
            Case(
                #"{"oneOf":[{"const":"a","description":"First"},{"const":"b","description":"Second"}]}"#,
                sent: #"{"type":"string","enum":["a","b"],"description":"a: First; b: Second."}"#,
                accepts: #""a""#,
                refuses: #""c""#
            ),
            Case(
                #"{"oneOf":[{"type":"string"},{"type":"integer"}]}"#,
                sent: #"{"type":"string","description":"Or an integer."}"#,
                accepts: #"1"#,
                refuses: #"1.5"#
            ),
            Case(
                #"{"allOf":[{"type":"integer"},{"minimum":3}]}"#,
                sent: #"{"type":"integer","description":"At least 3."}"#,
                accepts: #"3"#,
                refuses: #"2"#
            ),
            Case(
                #"{"anyOf":[{"type":"string","maxLength":2},{"type":"null"}]}"#,
                sent: #"{"anyOf":[{"type":"string","description":"At most 2 characters."},{"type":"null"}]}"#,
                accepts: #"null"#,
                refuses: #""abc""#
            ),
            Case(
                #"{"type":"string","not":{"enum":["root"]}}"#,
                sent: #"{"type":"string","description":"Not \"root\"."}"#,
                accepts: #""me""#,
                refuses: #""root""#
            ),
            Case(
                #"{"type":"integer","if":{"minimum":10},"then":{"multipleOf":10}}"#,
                sent: #"{"type":"integer"}"#,
                accepts: #"20"#,
                refuses: #"15"#
            ),
            Case(
                ##"{"$ref":"#/$defs/size"}"##,
                sent: #"{"type":"string","enum":["s","m"]}"#,
                accepts: #""s""#,
                refuses: #""xxl""#
            ),
            Case(
                #"{"type":"integer","nullable":true}"#,
                sent: #"{"type":"integer","description":"Or null."}"#,
                accepts: #"1"#,
                refuses: #""x""#
            ),
            Case(#"{"type":["string"]}"#, sent: #"{"type":"string"}"#, accepts: #""a""#, refuses: #"1.5"#),
            Case(
                #"{"type":["integer","null"]}"#,
                sent: #"{"type":"integer","description":"Or null."}"#,
                accepts: #"null"#,
                refuses: #""x""#
            ),
            Case(
                #"{"type":"string","default":"a","examples":["b"],"title":"A title"}"#,
                sent: #"{"type":"string","description":"A title. Default \"a\"; for example \"b\"."}"#,
                accepts: #""z""#,
                refuses: #"1"#
            ),
            Case(
                #"{"type":"object","properties":{"a":{"type":"integer"}},"unevaluatedProperties":false}"#,
                sent: #"{"type":"object","properties":{"a":{"type":"integer"}}}"#,
                accepts: #"{"a":1}"#,
                refuses: #"{"b":1}"#
            ),
            Case(
                #"{"type":"array","prefixItems":[{"type":"integer"}],"unevaluatedItems":false}"#,
                sent: #"{"type":"array","description":"Items in order: an integer."}"#,
                accepts: #"[1]"#,
                refuses: #"[1,2]"#
            ),
            Case(
                #"true"#,
                sent: #"{"type":["string","number","boolean","object","array","null"]}"#,
                accepts: #"1"#,
                refuses: nil
            ),
            Case(#"false"#, sent: nil, accepts: nil, refuses: #"1"#),
        ]
    )
    func property(_ test: Case) async throws {
        let property = try JSON(parsing: test.schema)
        let parameters: JSON = [
            "type": "object", "properties": ["x": property], "$defs": ["size": ["enum": ["s", "m"]]],
        ]
        let tool = Echo(schema: ["name": "echo", "parameters": parameters])
        let host = ToolHost()
        try host.register(Tool(tool))
        let registered = try #require(host.tool(named: "echo"))
        let sent = OllamaTools.tool(for: registered.schema)[pointer: "/function/parameters/properties/x"]
        #expect(sent?.text() == test.sent)
        if let accepted = test.accepted {
            let arguments: JSON = ["x": try JSON(parsing: accepted)]
            #expect(await host.dispatch([ToolCall(name: "echo", arguments: arguments)]).results.first?.status == .ok)
        }
        if let refused = test.refused {
            let arguments: JSON = ["x": try JSON(parsing: refused)]
            let answer = await host.dispatch([ToolCall(name: "echo", arguments: arguments)]).results.first
            #expect(answer?.status == .invalidArguments)
            #expect(answer?.violations.isEmpty == false)
        }
    }
}
