import Foundation
import ToolJSON
import ToolSchema

/// Parsing, validation and coercion of the arguments of one call.
enum CheckedArguments {
    static let schema = #"""
        {"type": "object", "required": ["city"], "additionalProperties": false, "properties": {
        "city": {"type": "string", "minLength": 1, "description": "The city, such as New York"},
        "days": {"type": "integer", "minimum": 1, "maximum": 14, "description": "How many days to look ahead"},
        "units": {"type": "string", "enum": ["metric", "imperial"], "description": "The units of the answer"}}}
        """#

    /// Valid arguments.
    static let fitting = #"{"city": "New York", "days": 3, "units": "metric"}"#

    /// The same arguments with an integer in quotes, as models also write it.
    static let coercible = #"{"city": "New York", "days": "3", "units": "metric"}"#

    static func measure(beside python: PythonPeer?, into table: inout Table) throws {
        announce("The arguments of one call …")
        let declaration = try JSON(parsing: schema)
        let compiled = try Schema(declaration)
        let bytes = Array(fitting.utf8)
        let data = Data(bytes)
        let value = try JSON(parsing: bytes)
        let coercibleBytes = Array(coercible.utf8)
        let validator = python.flatMap { $0.hasValidator ? $0 : nil }

        var contest = SideBySide()
        let whole = contest.add {
            let fitting = compiled.fitting(try JSONDocument(parsing: bytes).value)
            return fitting.violations.isEmpty && fitting.coercions.isEmpty
        }
        let coerced = contest.add {
            let fitting = compiled.fitting(try JSONDocument(parsing: coercibleBytes).value)
            return fitting.violations.isEmpty && fitting.coercions.count == 1
        }
        let parsing = contest.add { try JSONDocument(parsing: bytes).value.object?.count == 3 }
        let checking = contest.add { compiled.accepts(value) }
        let compiling = contest.add { try Schema(declaration).accepts(value) }
        let foundation = contest.add { try JSONSerialization.jsonObject(with: data) is [String: Any] }
        let pythonParsing = python.map { contest.add(batch: $0.batch("parse")) }
        let pythonWhole = validator.map { contest.add(batch: $0.batch("parse-check")) }
        let pythonRejecting = validator.map { contest.add(batch: $0.batch("parse-reject")) }
        let pythonChecking = validator.map { contest.add(batch: $0.batch("check")) }
        let pythonCompiling = validator.map { contest.add(batch: $0.batch("compile")) }
        let results = try contest.run()

        func add(_ what: String, _ measured: Int, beside other: Int?, _ description: String) {
            guard let other else { return }
            table.add(what, results[measured], beside: results[other], description)
        }
        add(
            "3 arguments: parsing, validation and coercion",
            whole,
            beside: pythonWhole,
            "Python: json.loads and jsonschema"
        )
        add(
            "3 arguments: parsing, validation and coercion",
            whole,
            beside: foundation,
            "JSONSerialization: only parsing"
        )
        add(
            "the same with \"3\" instead of 3",
            coerced,
            beside: pythonRejecting,
            "Python: json.loads and jsonschema, which rejects it"
        )
        add("the same with \"3\" instead of 3", coerced, beside: foundation, "JSONSerialization: only parsing")
        add("only parsing", parsing, beside: foundation, "JSONSerialization")
        add("only parsing", parsing, beside: pythonParsing, "Python: json.loads")
        add("only validation", checking, beside: pythonChecking, "Python: jsonschema")
        if pythonCompiling == nil { table.add("compiling the schema", results[compiling]) }
        add("compiling the schema", compiling, beside: pythonCompiling, "Python: jsonschema, check_schema")
    }
}
