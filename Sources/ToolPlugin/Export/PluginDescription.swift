import CToolPlugin
public import ToolContract
import ToolJSON

/// A whole plugin: its manifest and its tools.
///
/// `@ToolPlugin` exports it.
public struct PluginDescription: Sendable {
    // Constant from the moment that it is made.
    private nonisolated(unsafe) let description: UnsafePointer<tool_plugin_v1>

    /// A plugin.
    ///
    /// - Parameters:
    ///   - name: Its name; the user's configuration knows it by that.
    ///   - version: Its version.
    ///   - permissions: What it asks to touch.
    ///   - configuration: The configuration keys that it reads.
    ///   - tools: Its tools.
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

    /// The description in C, for the host: a `tool_plugin_v1` that lives as long as the process.
    ///
    /// - Parameter host: The `tool_host_v1` that the plugin registers with.
    /// - Returns: Nil where the default value of an argument breaks the argument's own constraints. The reason is in the
    ///   host's log.
    public func export(_ host: UnsafeRawPointer?) -> UnsafeRawPointer? {
        let faults = DefaultFaults.all
        guard !faults.isEmpty else { return UnsafeRawPointer(description) }
        if let host = host?.assumingMemoryBound(to: tool_host_v1.self) {
            let message = tool_text_v1.constant(Array(faults.joined(separator: " ").utf8))
            _ = host.pointee.log?(host, ToolContext.LogLevel.error.rawValue, message)
        }
        return nil
    }
}
