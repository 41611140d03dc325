import Locks
import ToolJSON
import ToolPlugin

/// A tool that looks a city up in a table.
struct CityTool: ProgramTool {
    let name: String
    let description: String
    let table: [String: String]

    var schema: JSONObject {
        [
            "name": .string(name), "description": .string(description),
            "parameters": [
                "type": "object", "required": ["city"],
                "properties": ["city": ["type": "string", "description": "The name of the city"]],
            ],
        ]
    }

    func execute(_ arguments: JSONObject) async throws -> ToolReply {
        .text(table[arguments["city"]?.string ?? ""] ?? "Unknown")
    }

    static let temperature = CityTool(
        name: "get_temperature",
        description: "Get the current temperature for a city",
        table: ["New York": "22C", "London": "15C", "Tokyo": "18C"]
    )
    static let conditions = CityTool(
        name: "get_conditions",
        description: "Get the current weather conditions for a city",
        table: ["New York": "Partly cloudy", "London": "Rainy", "Tokyo": "Sunny"]
    )
}

/// A tool that calculates with two whole numbers.
struct NumberTool: ProgramTool {
    let name: String
    let description: String
    let calculate: @Sendable (Int, Int) -> Int

    var schema: JSONObject {
        [
            "name": .string(name), "description": .string(description),
            "parameters": [
                "type": "object", "required": ["a", "b"],
                "properties": ["a": ["type": "integer"], "b": ["type": "integer"]],
            ],
        ]
    }

    func execute(_ arguments: JSONObject) async throws -> ToolReply {
        guard let a = arguments["a"]?.int, let b = arguments["b"]?.int else {
            throw ToolError.invalidArguments("a and b must be whole numbers")
        }
        return "\(calculate(a, b))"
    }

    static let add = NumberTool(name: "add", description: "Add two numbers") { $0 + $1 }
    static let multiply = NumberTool(name: "multiply", description: "Multiply two numbers") { $0 * $1 }
}

/// A tool without a schema, whose definition has only default values.
struct Bare: ProgramTool {
    func execute(_ arguments: JSONObject) async throws -> ToolReply { "bare" }
}

/// A tool with a constant result.
struct Fixed: ProgramTool {
    let name: String
    let output: ToolReply

    var schema: JSONObject { ["name": .string(name)] }

    func execute(_ arguments: JSONObject) async throws -> ToolReply { output }
}

/// A tool that reports its start, and waits until it is cancelled.
struct Endless: ProgramTool {
    let started = AsyncStream<Void>.makeStream()
    let cancelled = AsyncStream<Void>.makeStream()

    var schema: JSONObject { ["name": "endless"] }

    func execute(_ arguments: JSONObject) async throws -> ToolReply {
        started.continuation.yield()
        let never = AsyncStream<Void>.makeStream()
        for await _ in never.stream {}
        cancelled.continuation.yield()
        throw CancellationError()
    }
}

/// A tool that counts its calls.
final class Counter: ProgramTool {
    private let calls = Lock(0)

    var count: Int { calls.withLock(\.self) }

    var schema: JSONObject { ["name": "count"] }

    func execute(_ arguments: JSONObject) async throws -> ToolReply {
        calls.withLock { $0 += 1 }
        return "counted"
    }
}
