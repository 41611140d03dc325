public import CToolPlugin
import ToolJSON

/// A whole plugin: its manifest and its tools.
///
/// A plugin exports it with one function:
///
/// ```swift
/// @c(tool_plugin_register_v1)
/// public func register(_ host: UnsafePointer<tool_host_v1>?) -> UnsafePointer<tool_plugin_v1>? {
///     plugin.export()
/// }
///
/// private let plugin = PluginDescription(name: "greeter", version: "1.0.0", tools: [greet])
/// ```
public struct PluginDescription: Sendable {
    private let exported: ExportedPlugin

    /// A plugin.
    ///
    /// - Parameters:
    ///   - name: Its name; the user's configuration knows it by that.
    ///   - version: Its version.
    ///   - manifest: What else its manifest holds, as JSON text of an object: `permissions`, `config`.
    ///   - tools: Its tools.
    public init(name: String, version: String, manifest: String = "{}", tools: [PluginTool]) {
        var members: JSONObject = ["name": .string(name), "version": .string(version)]
        // What is no JSON object is left for the host to find missing: registration must not trap.
        for (key, value) in (try? JSON(parsing: manifest))?.object ?? [:] { members[key] = value }
        exported = ExportedPlugin(manifest: JSON.object(members).bytes(), tools: tools)
    }

    /// The description in C, for the host; it lives as long as the process.
    public func export() -> UnsafePointer<tool_plugin_v1> { exported.pointer }
}
