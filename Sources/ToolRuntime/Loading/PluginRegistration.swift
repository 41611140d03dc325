/// The description of a plugin and its tools, as the plugin registered it.
///
/// The lengths are bounded, and nothing else is checked.
package struct PluginRegistration: Sendable, Hashable {
    /// A tool.
    package struct Tool: Sendable, Hashable {
        /// The schema, as JSON.
        package var schema: [UInt8]
        /// The reason why the tool cannot be called, or nil.
        package var fault: String?
        /// True if the tool may run beside other tools of the plugin.
        package var isConcurrent: Bool

        package init(schema: [UInt8], fault: String?, isConcurrent: Bool) {
            self.schema = schema
            self.fault = fault
            self.isConcurrent = isConcurrent
        }
    }

    /// The manifest, as JSON.
    package var manifest: [UInt8]

    /// The tools, in the plugin's order.
    package var tools: [Tool]

    package init(manifest: [UInt8], tools: [Tool]) {
        self.manifest = manifest
        self.tools = tools
    }
}
