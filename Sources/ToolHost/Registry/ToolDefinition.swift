import Synchronization
import ToolJSON
import ToolSchema

/// A tool's schema, parsed and compiled at first use: most starts call one tool, or none.
///
/// All properties may be read on any thread.
final class ToolDefinition: Sendable {
    private struct State {
        var schema: JSONObject?
        var parameters: Schema?
    }

    /// The schema as it was registered; empty where it was parsed at once.
    private let bytes: [UInt8]
    private let state: Mutex<State>

    /// A definition that was read.
    init(_ schema: JSONObject, _ parameters: Schema) {
        bytes = []
        state = Mutex(State(schema: schema, parameters: parameters))
    }

    /// A definition that was read once, of the same bytes, and found to be one.
    init(known bytes: [UInt8]) {
        self.bytes = bytes
        state = Mutex(State())
    }

    /// The longest schema that is compiled on the thread of a caller, in bytes.
    private static let shortSchema = 8 << 10

    /// True if ``parameters`` is there at once: compiled, or soon to be.
    var isReady: Bool {
        bytes.count <= Self.shortSchema || state.withLockIfAvailable { $0.parameters != nil } ?? false
    }

    /// Ollama's function object as its author wrote it.
    var schema: JSONObject { state.withLock { read(&$0) } }

    /// The schema of the arguments, compiled.
    ///
    /// It accepts nothing if it cannot be compiled, which happens only with a cache that says that it can.
    var parameters: Schema {
        state.withLock { state in
            if let parameters = state.parameters { return parameters }
            let parameters = (try? RegisteredTool.compiledParameters(of: read(&state))) ?? Self.nothing
            state.parameters = parameters
            return parameters
        }
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
