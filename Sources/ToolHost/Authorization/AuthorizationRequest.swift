public import ToolJSON

/// A call that waits for authorization, with the facts about its tool that decide about it.
public struct AuthorizationRequest: Sendable {
    /// The facts about the plugin of a tool.
    public struct Plugin: Sendable {
        /// The name in its manifest.
        public let name: String
        /// The real path of its file, free of symbolic links.
        public let file: String
        /// The permissions that it requests and has.
        public let access: PluginAccess
        /// The permissions that it requests and does not have; empty if the host is configured not to confine it.
        public let missing: PluginPermissions
        /// A Boolean value that indicates whether the host is configured to confine the plugin.
        public let isConfined: Bool
        /// A Boolean value that indicates whether the kernel enforces the plugin's permissions.
        ///
        /// It is false for a confined plugin if the kernel lacks a feature.
        public let isEnforced: Bool

        /// Creates the facts about a plugin.
        public init(
            name: String,
            file: String,
            access: PluginAccess,
            missing: PluginPermissions,
            isConfined: Bool,
            isEnforced: Bool
        ) {
            self.name = name
            self.file = file
            self.access = access
            self.missing = missing
            self.isConfined = isConfined
            self.isEnforced = isEnforced
        }
    }

    /// The caller's identifier of the call.
    public let callID: String?
    /// The name of the tool.
    public let toolName: String
    /// The description of the tool, as its author wrote it.
    public let toolDescription: String
    /// The effects that the tool declares.
    public let annotations: DeclaredEffects
    /// The arguments as the tool receives them, after coercion and validation.
    public let arguments: JSON
    /// The origin of the call.
    public let origin: CallOrigin
    /// The conversation of the call.
    public let context: CallContext
    /// The tool's plugin; nil for a tool of the program.
    public let plugin: Plugin?

    /// Creates a request.
    public init(
        callID: String? = nil,
        toolName: String,
        toolDescription: String = "",
        annotations: DeclaredEffects = DeclaredEffects(),
        arguments: JSON = [:],
        origin: CallOrigin = .model,
        context: CallContext = CallContext(),
        plugin: Plugin? = nil
    ) {
        self.callID = callID
        self.toolName = toolName
        self.toolDescription = toolDescription
        self.annotations = annotations
        self.arguments = arguments
        self.origin = origin
        self.context = context
        self.plugin = plugin
    }
}
