import CToolPlugin
package import ToolContract

/// A plugin that has been loaded into this process and has registered.
///
/// It stays loaded until the process exits.
package final class LoadedPlugin: Sendable {
    /// The manifest as the plugin registered it: its length is bounded, and nothing else is checked.
    package let manifest: [UInt8]

    /// The tools, in the order of the registration.
    package let tools: [LoadedTool]

    /// The part of the host that the plugin can use.
    package let context: PluginContext

    /// The objects of a bound library that stay open between calls.
    let handles: HandleTable

    let lane: CallLane

    /// True if calls run on the thread that starts them: the program has said that they return within microseconds.
    let runsOnCaller: Bool

    /// Loads a plugin from a file, and calls its registration function.
    ///
    /// The calling thread is blocked while the plugin's constructors and its registration run, which can be forever.
    ///
    /// - Parameters:
    ///   - file: The checked file.
    ///   - limits: The limits of the registration.
    ///   - log: Receives the plugin's log messages.
    ///   - violated: Receives each contract violation, as a sentence.
    /// - Throws: ``PluginError`` if the file cannot be loaded or does not register.
    package init(
        loading file: PluginFile,
        limits: RegistrationLimits = RegistrationLimits(),
        log: @escaping PluginContext.Log,
        violated: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(PluginError) {
        guard !file.isPython else {
            let message = "Is a Python file, which runs in a worker process with an interpreter."
            throw PluginError(.notLoadable, file: file.path, message)
        }
        lane = CallLane()
        runsOnCaller = false
        let library = try DynamicLibrary(file)
        if let binding = file.binding {
            context = PluginContext(file: file.path, log: log, violated: violated)
            manifest = binding.manifest
            let handles = HandleTable(binding, library)
            tools = try binding.loadedTools(library, handles, file: file.path)
            self.handles = handles
            return
        }
        handles = HandleTable([:])
        guard let symbol = library.symbol(TOOL_PLUGIN_ENTRY) else {
            throw Self.missingEntry(library, file)
        }
        let register = unsafeBitCast(symbol, to: tool_plugin_register_fn_v1.self)
        let context = PluginContext(file: file.path, log: log, violated: violated)
        guard let plugin = register(context.table) else {
            let reason = context.lastLogLine.map { "It says: \($0)" } ?? "It logged no reason."
            throw PluginError(.refused, file: file.path, "Refuses to register. \(reason)")
        }
        let reader = RegistrationReader(file: file.path, limits: limits)
        self.context = context
        manifest = try reader.manifest(plugin)
        tools = try reader.tools(plugin)
    }

    /// Creates a plugin with one tool, which is code of this program.
    ///
    /// - Parameters:
    ///   - runsOnCaller: True to run its calls on the thread that starts them.
    ///   - serialLane: The lane of the tool if it is not concurrent.
    /// - Throws: ``PluginError`` if the description of the tool is invalid.
    package init(
        programTool tool: Tool,
        runsOnCaller: Bool = false,
        serialLane: CallLane,
        limits: RegistrationLimits = RegistrationLimits(),
        log: @escaping PluginContext.Log
    ) throws(PluginError) {
        context = PluginContext(file: "", log: log)
        self.runsOnCaller = runsOnCaller
        manifest = []
        handles = HandleTable([:])
        let loaded = try RegistrationReader(file: "", limits: limits).tool(tool.description, number: 1)
        tools = [loaded]
        lane = loaded.isConcurrent ? CallLane() : serialLane
    }

    /// Closes all objects of a bound library that are open.
    package func closeHandles() { handles.closeAll() }

    private static func missingEntry(_ library: DynamicLibrary, _ file: PluginFile) -> PluginError {
        for version in 2...9 where library.symbol("tool_plugin_register_v\(version)") != nil {
            return PluginError(
                .wrongVersion,
                file: file.path,
                "Was built for version \(version) of the plugin contract, and this host speaks version "
                    + "\(TOOL_PLUGIN_ABI): update toolhost, or build the plugin against this host's tool_plugin.h."
            )
        }
        return PluginError(
            .notPlugin,
            file: file.path,
            "Is a shared library, but no plugin: it does not export \(TOOL_PLUGIN_ENTRY) (see tool_plugin.h)."
        )
    }
}
