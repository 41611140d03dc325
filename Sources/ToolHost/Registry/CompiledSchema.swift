import Synchronization
import ToolJSON
import ToolSchema

/// The schema of a tool's arguments, compiled when it is first needed: most starts call one tool, or none.
final class CompiledSchema: Sendable {
    private let parameters: JSONObject
    private let assertsFormats: Bool
    private let compiled: Mutex<Schema?>

    /// A schema that is compiled now.
    ///
    /// - Throws: ``SchemaError`` where it cannot be used.
    init(compiling parameters: JSONObject, assertsFormats: Bool) throws(SchemaError) {
        self.parameters = parameters
        self.assertsFormats = assertsFormats
        compiled = Mutex(try Schema(.object(parameters), assertsFormats: assertsFormats))
    }

    /// A schema that is known to be one.
    init(known parameters: JSONObject, assertsFormats: Bool) {
        self.parameters = parameters
        self.assertsFormats = assertsFormats
        compiled = Mutex(nil)
    }

    private static let nothing: Schema = {
        do {
            return try Schema(false)
        } catch {
            preconditionFailure("false is a schema: \(error)")
        }
    }()

    /// The schema. Any thread may ask for it.
    ///
    /// Where it turns out to be none, which takes a cache that says otherwise, it accepts nothing.
    var schema: Schema {
        compiled.withLock { compiled in
            if let compiled { return compiled }
            let schema = (try? Schema(.object(parameters), assertsFormats: assertsFormats)) ?? Self.nothing
            compiled = schema
            return schema
        }
    }
}
