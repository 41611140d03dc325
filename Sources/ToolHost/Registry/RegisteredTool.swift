public import ToolJSON
public import ToolSandbox
public import ToolSchema

/// A tool that a host offers, whatever its source.
public struct RegisteredTool: Sendable {
    /// The name that calls use.
    public var name: String { content.summary.name }

    /// The description, for models and people.
    public var description: String { content.summary.description }

    /// Ollama's function object as the author wrote it: `name`, `description`, `parameters`, and the host's own key
    /// `toolhost`, which is not sent to a model.
    public var schema: JSONObject { content.definition.schema }

    /// The plugin that the tool belongs to, or the program.
    public var provider: ToolProvider { content.provider }

    /// The effects that the author declares.
    public var annotations: DeclaredEffects { content.summary.annotations }

    /// The timeout of a call, if the author set one; it replaces ``ToolLimits/timeout``.
    public var timeout: Duration? { content.summary.timeout }

    /// The example calls with their expected results.
    public var examples: [ToolExample] { (try? Self.examples(of: schema)) ?? [] }

    /// The files of installed samples that have a tool of the same name, which this tool replaces.
    public internal(set) var replacedFiles: [String] = []

    /// The grants of the tool's plugin; nil if the tool needs none.
    package var grants: PluginGrants?

    /// True if the program declares that the results come from other computers.
    var isDeclaredOutside = false

    /// A Boolean value that indicates whether results of the tool may have text that other people wrote: its plugin may
    /// connect to the network, or the program says so.
    public var readsOutside: Bool { isDeclaredOutside || content.source.readsOutside || grants?.readsOutside == true }

    /// The source that runs the tool.
    package var source: any ToolSource { content.source }

    /// The position of the tool in the registration of its source.
    package var sourceIndex: Int { content.index }

    var summary: ToolSummary { content.summary }
    var definition: ToolDefinition { content.definition }

    private let content: Content

    /// The part that does not change, behind one reference: tools are copied and sorted often.
    private final class Content: Sendable {
        let provider: ToolProvider
        let source: any ToolSource
        let index: Int
        let summary: ToolSummary
        let definition: ToolDefinition

        init(
            _ provider: ToolProvider,
            _ source: any ToolSource,
            _ index: Int,
            _ summary: ToolSummary,
            _ definition: ToolDefinition
        ) {
            self.provider = provider
            self.source = source
            self.index = index
            self.summary = summary
            self.definition = definition
        }
    }

    /// Creates a tool.
    ///
    /// - Parameter index: The position of the tool in the registration of its source.
    init(
        provider: ToolProvider,
        source: any ToolSource,
        index: Int,
        summary: ToolSummary,
        definition: ToolDefinition
    ) {
        content = Content(provider, source, index, summary, definition)
    }

    /// The real path of the plugin's file, with all symbolic links resolved; nil if no plugin provides the tool.
    public var pluginFile: String? { grants?.path }

    /// The permissions that the plugin requests and has; nil if no plugin provides the tool.
    public var access: PluginAccess? { grants?.access }

    /// The restrictions that the kernel enforces on the plugin; nil if nothing confines it.
    public var sandbox: SandboxReport? { content.source.sandbox }

    /// The schema of the arguments, as the author wrote it.
    public var parameters: JSONObject { schema["parameters"]?.object ?? [:] }

    /// The compiled schema of the arguments, against which every call is checked.
    public var parameterSchema: Schema { content.definition.parameters }

    /// Returns a value that another module derives from the schema, which is made at its first use and lives as long as
    /// the tool.
    ///
    /// All calls must make the same value.
    package func derived<Value: Sendable>(_ make: (JSONObject) -> Value) -> Value { content.definition.derived(make) }
}
