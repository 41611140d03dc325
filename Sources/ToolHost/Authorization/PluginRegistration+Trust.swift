import ToolJSON
import ToolRuntime

extension PluginRegistration.Tool {
    /// The tool's name in its schema; nil if that is not a valid name.
    var name: String? {
        (try? JSON(parsing: schema))?["name"]?.string.flatMap { Identifier.isToolName($0) ? $0 : nil }
    }
}

extension PluginRegistration {
    /// The names of the tools in their schemas.
    var toolNames: [String] { tools.compactMap(\.name) }

    /// The SHA-256 of the manifest and of all schemas, each with its length before it.
    func schemaHash() throws(HashError) -> String {
        var hash = try SHA256()
        for text in [manifest] + tools.map(\.schema) {
            let length = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) }
            try hash.update(length.span.bytes)
            try hash.update(text.span.bytes)
        }
        return ContentHash.digits(try hash.finish())
    }
}
