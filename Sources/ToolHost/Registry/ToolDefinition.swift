import Locks
import ToolJSON
import ToolSchema

/// The schema of a tool, which is parsed and compiled at its first use: most runs of the command call one tool or none.
///
/// All properties may be read on any thread.
final class ToolDefinition: Sendable {
    private struct State {
        var schema: JSONObject?
        var derived: (any Sendable)?
        var parameters: Schema?
    }

    /// The schema as it was registered, or no bytes if it was parsed when the tool was created.
    private let bytes: [UInt8]
    private let state: Lock<State>

    /// Creates a definition from a schema that was parsed and compiled.
    init(_ schema: JSONObject, _ parameters: Schema) {
        bytes = []
        state = Lock(State(schema: schema, parameters: parameters))
    }

    /// Creates a definition from bytes that were parsed and compiled in an earlier run without an error.
    init(known bytes: [UInt8]) {
        self.bytes = bytes
        state = Lock(State())
    }

    /// The maximum length of a schema that is compiled on the caller's thread, in bytes.
    private static let shortSchema = 8 << 10

    /// True if ``parameters`` takes little time: it is compiled or short.
    var isReady: Bool {
        bytes.count <= Self.shortSchema || state.withLockIfAvailable { $0.parameters != nil } ?? false
    }

    /// Ollama's function object as the author wrote it.
    var schema: JSONObject { state.withLock { read(&$0) } }

    /// The compiled schema of the arguments.
    ///
    /// It accepts nothing if it cannot be compiled, which happens only if the registration cache is wrong.
    var parameters: Schema {
        state.withLock { state in
            if let parameters = state.parameters { return parameters }
            let parameters = (try? RegisteredTool.compiledParameters(of: read(&state))) ?? Self.nothing
            state.parameters = parameters
            return parameters
        }
    }

    /// Returns a value that another module derives from the schema, which is made at its first use.
    func derived<Value: Sendable>(_ make: (JSONObject) -> Value) -> Value {
        if let value = state.withLock({ $0.derived }) as? Value { return value }
        let value = make(schema)
        state.withLock { $0.derived = value }
        return value
    }

    private func read(_ state: inout State) -> JSONObject {
        if let schema = state.schema { return schema }
        let schema = (try? JSON(parsing: bytes))?.object ?? [:]
        state.schema = schema
        return schema
    }

    private static let nothing: Schema = {
        do {
            return try Schema(false)
        } catch {
            preconditionFailure("false is a schema: \(error)")
        }
    }()
}
