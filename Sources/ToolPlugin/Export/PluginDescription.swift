import CToolPlugin
public import ToolContract
import ToolJSON

/// The manifest and the tools of a plugin.
///
/// `@ToolPlugin` exports it:
///
/// ```swift
/// @ToolPlugin let weather = PluginDescription("weather", version: "1.0.0", tools: [getTemperatureTool])
/// ```
public struct PluginDescription: Sendable {
    // Never changed after initialization.
    private nonisolated(unsafe) let description: UnsafePointer<tool_plugin_v1>

    /// Creates the description of a plugin.
    ///
    /// - Parameters:
    ///   - name: The name of the plugin in the user's configuration: at most 64 letters, digits, dots, hyphens and
    ///     underscores.
    ///   - version: The version of the plugin.
    ///   - permissions: The permissions that the plugin needs. The user grants them.
    ///   - configuration: The configuration keys that the plugin reads.
    ///   - tools: The tools of the plugin.
    public init(
        _ name: String,
        version: String,
        permissions: ToolPermissions = .none,
        configuration: [String] = [],
        tools: [Tool]
    ) {
        var manifest: JSONObject = ["name": .string(name), "version": .string(version)]
        if permissions != .none { manifest["permissions"] = .object(permissions.json) }
        if !configuration.isEmpty { manifest["config"] = .array(configuration.map(JSON.string)) }
        let pointers = UnsafeMutablePointer<UnsafePointer<tool_v1>?>.allocate(capacity: max(1, tools.count))
        for (index, tool) in tools.enumerated() { (pointers + index).initialize(to: tool.description) }
        description = .constant(
            tool_plugin_v1(
                struct_size: UInt32(MemoryLayout<tool_plugin_v1>.size),
                flags: 0,
                manifest: .constant(JSON.object(manifest).bytes()),
                tools: UnsafePointer(pointers),
                tool_count: UInt64(tools.count)
            )
        )
    }

    /// Returns the description for the host: a `tool_plugin_v1` that lives as long as the process.
    ///
    /// `@ToolPlugin` calls it.
    ///
    /// - Parameter host: The `tool_host_v1` that the plugin registers with.
    /// - Returns: The description, or nil if the default value of an argument violates the argument's own constraints.
    ///   The reason is in the host's log.
    public func export(_ host: UnsafeRawPointer?) -> UnsafeRawPointer? {
        let violations = InvalidDefaults.sentences
        guard !violations.isEmpty else { return UnsafeRawPointer(description) }
        if let host = host?.assumingMemoryBound(to: tool_host_v1.self) {
            let message = tool_text_v1.constant(Array(violations.joined(separator: " ").utf8))
            _ = host.pointee.log?(host, ToolContext.LogLevel.error.rawValue, message)
        }
        return nil
    }
}
