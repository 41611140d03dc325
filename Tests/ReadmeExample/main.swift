import ToolAgent
import ToolPlugin

/// Add two numbers.
@Tool func add(a: Int, b: Int) -> Int { a + b }
/// Multiply two numbers.
@Tool func multiply(a: Int, b: Int) -> Int { a * b }

let agent = try Agent(model: "qwen3", tools: [addTool, multiplyTool])
print(try await agent.respond(to: "What is (11434+12341)*412?").text)
