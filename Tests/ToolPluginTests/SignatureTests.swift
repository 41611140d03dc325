// Descriptions for models need not end with a full stop.
// swift-format-ignore-file: BeginDocumentationCommentWithOneLineSummary

import Testing
import ToolHost
import ToolJSON
import ToolPlugin
import ToolPluginFoundation

// The test cases of Ollama's Python SDK, in the nearest Swift form. Its results are the reference, except for what it
// loses: defaults, enums, objects, the types of elements.

/// Add two numbers
///
/// - Parameters:
///   - x: The first number
///   - y: The second number
@Tool func addNumbers(x: Int, y: Int?) -> Int { x + (y ?? 0) }

/// No arguments
@Tool func nothing() {}

/// All types
@Tool func allTypes(x: Int, y: String, z: [Int], w: [String: Int], v: IntegerOrText?) {}

/// Long descriptions
///
/// - Parameters:
///   - x: A number with
///     multiple lines
@Tool func multipleLines(x: Int) {}

/// Skewed
///
/// - Parameters:
///   - x  :   The first number
///
///   - y: The second number
@Tool func skewed(x: Int, y: Int) {}

@Tool func undocumented(x: Int, y: Int) {}

/// Only a description
@Tool func onlyDescribed(x: Int, y: Int) {}

/// Sections
///
/// - Parameter x: A number
/// - Returns: Nothing that a model should read
@Tool func sections(x: Int) {}

/// Parentheses
///
/// - Parameter a: Some text (integer) and (:thing)
@Tool func parentheses(a: Int) {}

@Tool func defaulted(x: Int, y: Int = 3) {}

@Tool func optional(x: Int?) {}

@ToolSchema enum TemperatureUnit: String { case celsius, fahrenheit }

@Tool func literals(unit: TemperatureUnit) {}

@ToolSchema enum Level: Int { case low = 1, high = 2 }

@Tool func numbers(level: Level) {}

/// Someone
@ToolSchema struct Person {
    /// The name
    var name: String
    var age: Int?
}

@Tool func object(person: Person) {}

@Tool func collections(list: [Int], unique: Set<String>) {}

@Tool func dictionary(counts: [String: Int]) {}

@Tool func scalars(a: Double, b: Bool, c: Data, d: Date) {}

@Tool func anything(x: JSON) {}

@ToolSet actor Bound {
    init() {}
    @Tool func method(x: Int) {}
}

/// - Parameter x: Between one and ten
@Tool func annotated(@Bounds(1...10) x: Int) {}

/// A type that conforms by hand: an integer or a text.
struct IntegerOrText: ToolValue {
    let toolValue: JSON
    static var toolSchema: JSONObject { ["type": ["string", "integer"]] }
    init(toolValue: JSON) throws(ToolValueError) { self.toolValue = toolValue }
}

/// A signature with the numbers of its cases in the reference, and the expected parameters.
struct SignatureCase: Sendable, CustomTestStringConvertible {
    let numbers: [Int]
    let tool: Tool
    let parameters: String
    var description = ""

    var testDescription: String { "\(numbers)" }

    static let all = [
        // An optional is nullable here. The reference drops the null.
        SignatureCase(
            numbers: [1],
            tool: addNumbersTool,
            parameters: #"""
                {"type":"object","required":["x"],"properties":{"x":{"type":"integer","description":"The first number"},
                "y":{"type":["integer","null"],"description":"The second number"}}}
                """#,
            description: "Add two numbers"
        ),
        SignatureCase(
            numbers: [2, 7],
            tool: nothingTool,
            parameters: #"{"type":"object","properties":{}}"#,
            description: "No arguments"
        ),
        SignatureCase(
            numbers: [3, 18],
            tool: allTypesTool,
            parameters: #"""
                {"type":"object","required":["x","y","z","w"],"properties":{"x":{"type":"integer"},"y":{"type":"string"},
                "z":{"type":"array","items":{"type":"integer"}},
                "w":{"type":"object","additionalProperties":{"type":"integer"}},
                "v":{"type":["string","integer","null"]}}}
                """#,
            description: "All types"
        ),
        SignatureCase(
            numbers: [4],
            tool: multipleLinesTool,
            parameters: #"""
                {"type":"object","required":["x"],
                "properties":{"x":{"type":"integer","description":"A number with multiple lines"}}}
                """#,
            description: "Long descriptions"
        ),
        SignatureCase(
            numbers: [5],
            tool: skewedTool,
            parameters: #"""
                {"type":"object","required":["x","y"],"properties":{
                "x":{"type":"integer","description":"The first number"},
                "y":{"type":"integer","description":"The second number"}}}
                """#,
            description: "Skewed"
        ),
        SignatureCase(
            numbers: [6],
            tool: undocumentedTool,
            parameters: #"""
                {"type":"object","required":["x","y"],"properties":{"x":{"type":"integer"},"y":{"type":"integer"}}}
                """#
        ),
        SignatureCase(
            numbers: [7],
            tool: onlyDescribedTool,
            parameters: #"""
                {"type":"object","required":["x","y"],"properties":{"x":{"type":"integer"},"y":{"type":"integer"}}}
                """#,
            description: "Only a description"
        ),
        SignatureCase(
            numbers: [8],
            tool: sectionsTool,
            parameters: #"""
                {"type":"object","required":["x"],"properties":{"x":{"type":"integer","description":"A number"}}}
                """#,
            description: "Sections"
        ),
        SignatureCase(
            numbers: [10],
            tool: parenthesesTool,
            parameters: #"""
                {"type":"object","required":["a"],
                "properties":{"a":{"type":"integer","description":"Some text (integer) and (:thing)"}}}
                """#,
            description: "Parentheses"
        ),
        SignatureCase(
            numbers: [11],
            tool: defaultedTool,
            parameters: #"""
                {"type":"object","required":["x"],
                "properties":{"x":{"type":"integer"},"y":{"type":"integer","default":3}}}
                """#
        ),
        // An optional is not required here. The reference does not define this.
        SignatureCase(
            numbers: [12],
            tool: optionalTool,
            parameters: #"{"type":"object","properties":{"x":{"type":["integer","null"]}}}"#
        ),
        SignatureCase(
            numbers: [13, 15],
            tool: literalsTool,
            parameters: #"""
                {"type":"object","required":["unit"],
                "properties":{"unit":{"type":"string","enum":["celsius","fahrenheit"]}}}
                """#
        ),
        // Swift has no type for a list of numbers and strings, so this one has numbers only.
        SignatureCase(
            numbers: [14],
            tool: numbersTool,
            parameters: #"""
                {"type":"object","required":["level"],"properties":{"level":{"type":"integer","enum":[1,2]}}}
                """#
        ),
        SignatureCase(
            numbers: [16],
            tool: objectTool,
            parameters: #"""
                {"type":"object","required":["person"],"properties":{"person":{"type":"object","required":["name"],
                "properties":{"name":{"type":"string","description":"The name"},"age":{"type":["integer","null"]}},
                "description":"Someone"}}}
                """#
        ),
        SignatureCase(
            numbers: [17],
            tool: collectionsTool,
            parameters: #"""
                {"type":"object","required":["list","unique"],"properties":{
                "list":{"type":"array","items":{"type":"integer"}},
                "unique":{"type":"array","items":{"type":"string"},"uniqueItems":true}}}
                """#
        ),
        SignatureCase(
            numbers: [18],
            tool: dictionaryTool,
            parameters: #"""
                {"type":"object","required":["counts"],
                "properties":{"counts":{"type":"object","additionalProperties":{"type":"integer"}}}}
                """#
        ),
        SignatureCase(
            numbers: [19],
            tool: scalarsTool,
            parameters: #"""
                {"type":"object","required":["a","b","c","d"],"properties":{"a":{"type":"number"},"b":{"type":"boolean"},
                "c":{"type":"string","contentEncoding":"base64"},"d":{"type":"string","format":"date-time"}}}
                """#
        ),
        SignatureCase(
            numbers: [20],
            tool: anythingTool,
            parameters: #"{"type":"object","required":["x"],"properties":{"x":{}}}"#
        ),
        SignatureCase(
            numbers: [22],
            tool: Bound.methodTool,
            parameters: #"{"type":"object","required":["x"],"properties":{"x":{"type":"integer"}}}"#
        ),
        SignatureCase(
            numbers: [23],
            tool: annotatedTool,
            parameters: #"""
                {"type":"object","required":["x"],"properties":{
                "x":{"type":"integer","description":"Between one and ten","minimum":1,"maximum":10}}}
                """#
        ),
    ]

    /// The cases without a Swift form.
    static let absent = [
        9: "Swift has no parameters without a type; JSON is the type for anything, as in case 20.",
        21: "Variadic parameters are refused by the macro, as the reference should; see the tests of its diagnostics.",
        24: "Swift has one style of documentation comments.",
        25: "Swift has no type of nothing but None; Void is a tuple, which the macro refuses.",
        26: "Swift's closures have no names, and the macro refuses all but functions.",
    ]
}

@Suite("Signatures") struct SignatureTests {
    @Test("a signature has the schema of the reference", arguments: SignatureCase.all)
    func schema(_ example: SignatureCase) throws {
        let host = ToolHost()
        try host.register(example.tool)
        let tool = try #require(host.tools.first)
        #expect(tool.description == example.description)
        let parameters = JSON.object(tool.parameters)
        #expect(parameters.text() == example.parameters.replacing("\n", with: ""))
    }

    @Test("every case of the reference is covered or has a reason")
    func coverage() {
        #expect(Set(SignatureCase.all.flatMap(\.numbers)).union(SignatureCase.absent.keys) == Set(1...26))
    }
}
