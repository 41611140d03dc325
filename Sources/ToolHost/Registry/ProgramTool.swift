public import ToolJSON

/// A tool written in the embedding program itself, without a shared library.
///
/// A type has to say nothing but what it does: the name falls back to the type's own, the description to nothing, and
/// the parameters to an object without properties.
///
/// ```swift
/// struct Greeter: ProgramTool {
///     let schema: JSONObject = ["name": "greet", "description": "Greet someone"]
///     func execute(_ arguments: JSONObject) async throws -> ToolOutput { "Hello!" }
/// }
/// ```
public protocol ProgramTool: Sendable {
    /// Ollama's function object: `name`, `description`, `parameters`, and optionally our own `toolhost` key.
    var schema: JSONObject { get }

    /// Runs one call. It may run beside itself. Task cancellation means: stop, nobody waits any more.
    ///
    /// - Parameter arguments: What the model gave.
    /// - Returns: The result.
    /// - Throws: ``ToolFailure`` for an error the model should read; any other error counts as a fault of the tool.
    func execute(_ arguments: JSONObject) async throws -> ToolOutput
}

extension ProgramTool {
    /// Nothing: every key has a fallback.
    public var schema: JSONObject { [:] }
}

/// What a tool of the program gives back.
public struct ToolOutput: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// The pieces, in order.
    public var parts: [ToolPart]

    /// A result of several pieces.
    public init(_ parts: [ToolPart]) { self.parts = parts }

    /// A result that is one text.
    public init(stringLiteral value: String) { parts = [.text(value)] }

    /// A result that is one text.
    public static func text(_ text: String) -> ToolOutput { ToolOutput([.text(text)]) }

    /// A result that is one JSON value.
    public static func json(_ value: JSON) -> ToolOutput { ToolOutput([.json(value)]) }
}
