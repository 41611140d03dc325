import ToolJSON

extension JSONObject {
    /// The keys that a tool's schema may have besides those of JSON Schema.
    static let toolKeys = ["name", "description", "parameters", RegisteredTool.ownKey]
    /// The keys of the host's own part of a tool's schema.
    static let ownKeys = ["timeout", "annotations", "examples", "assertFormats"]
}
