public import ToolJSON
public import ToolSandbox
public import ToolSchema

/// A tool that can be called, whatever it is made of.
public struct RegisteredTool: Sendable {
    /// Where a tool comes from.
    public enum Source: Sendable, Hashable {
        /// A plugin: its name, its version ("" if it gives none) and its file.
        case plugin(name: String, version: String, file: String)
        /// Code of the program that embeds the host.
        case program
    }

    /// What a tool says of the effects it has.
    public struct Annotations: Sendable, Hashable {
        /// It changes nothing.
        public var readOnly = false
        /// It may destroy something.
        public var destructive = false
        /// Doing it twice is the same as doing it once.
        public var idempotent = false
    }

    /// The name that calls use.
    public var name: String { summary.name }

    /// What it does, for a model and for people.
    public var description: String { summary.description }

    /// Ollama's function object as its author wrote it: `name`, `description`, `parameters`, and the host's own key
    /// `toolhost`, which is never sent to a model.
    public var schema: JSONObject { definition.schema }

    /// Where it comes from.
    public var source: Source { content.source }

    /// What it says of its effects.
    public var annotations: Annotations { summary.annotations }

    /// Its own deadline, if its author set one.
    public var timeout: Duration? { summary.timeout }

    /// Calls with their expected results, as they ship in the plugin.
    public var examples: [ToolExample] { (try? Self.examples(of: schema)) ?? [] }

    /// The files of installed samples that have a tool of the same name, which this one replaces.
    public internal(set) var replacedFiles: [String] = []

    /// What runs it.
    package var backend: PluginBackend { content.backend }

    /// The grants of its plugin; `nil` for a tool of the program.
    package var grants: PluginGrants?

    var summary: ToolSummary { content.summary }
    var definition: ToolDefinition { content.definition }

    private let content: Content

    /// All of it that does not change, in one place: tools are copied and sorted often.
    private final class Content: Sendable {
        let source: Source
        let summary: ToolSummary
        let definition: ToolDefinition
        let backend: PluginBackend

        init(_ source: Source, _ summary: ToolSummary, _ definition: ToolDefinition, _ backend: PluginBackend) {
            self.source = source
            self.summary = summary
            self.definition = definition
            self.backend = backend
        }
    }

    init(source: Source, summary: ToolSummary, definition: ToolDefinition, backend: PluginBackend) {
        content = Content(source, summary, definition, backend)
    }

    /// The real path of its plugin's file, free of symbolic links; `nil` for a tool of the program.
    public var pluginFile: String? { grants?.path }

    /// What its plugin may touch; `nil` for a tool of the program.
    public var access: PluginAccess? { grants?.access }

    /// What the kernel enforces on its plugin; `nil` where nothing confines it.
    public var sandbox: SandboxReport? { grants?.sandbox }

    /// The schema of its arguments, as its author wrote it.
    public var parameters: JSONObject { schema["parameters"]?.object ?? [:] }

    /// The same made ready: the arguments of every call are checked against it.
    public var parameterSchema: Schema { definition.parameters }
}
