import CToolPlugin
import Glibc
package import ToolContract

/// What a plugin may register, and how long it may be.
package struct RegistrationLimits: Sendable {
    package var manifestBytes: Int
    package var schemaBytes: Int
    package var tools = 1024

    /// Of all its schemas together.
    package var totalBytes: Int { max(16 << 20, schemaBytes) }

    /// Of the message that tells a host all of it.
    package var messageBytes: Int { manifestBytes + 2 * totalBytes }

    package init(manifestBytes: Int = 64 << 10, schemaBytes: Int = 1 << 20) {
        self.manifestBytes = manifestBytes
        self.schemaBytes = schemaBytes
    }
}

/// A plugin that has been loaded into this process and has registered.
///
/// It is never unloaded.
package final class LoadedPlugin: Sendable {
    /// Its manifest, as it registered it: bounded, otherwise unchecked.
    package let manifest: [UInt8]

    /// Its tools, in its own order.
    package let tools: [LoadedTool]

    /// What the plugin sees of the host.
    package let context: PluginContext

    /// What a library keeps for later calls.
    let handles: HandleTable

    let lane: CallLane

    /// Loads a file and has it register.
    ///
    /// Blocks for as long as the plugin's constructors and its registration do, so it belongs on a thread of its own.
    ///
    /// - Parameters:
    ///   - file: The file, checked.
    ///   - limits: What it may register.
    ///   - log: Receives its log lines.
    ///   - violated: Told each breach of the contract, in a sentence.
    /// - Throws: ``PluginError`` in words that say what to do.
    package init(
        loading file: PluginFile,
        limits: RegistrationLimits = RegistrationLimits(),
        log: @escaping PluginContext.Log,
        violated: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(PluginError) {
        lane = CallLane()
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

    /// Takes a tool that is code of this program, as if it were the only one of a plugin.
    ///
    /// - Parameter serialLane: Where its calls take their turns if it is not concurrent.
    /// - Throws: ``PluginError`` where its description cannot be used.
    package init(
        programTool tool: Tool,
        serialLane: CallLane,
        limits: RegistrationLimits = RegistrationLimits(),
        log: @escaping PluginContext.Log
    ) throws(PluginError) {
        context = PluginContext(file: "", log: log)
        manifest = []
        handles = HandleTable([:])
        let loaded = try RegistrationReader(file: "", limits: limits).tool(tool.description, number: 1)
        tools = [loaded]
        lane = loaded.isConcurrent ? CallLane() : serialLane
    }

    /// Closes what a library keeps open, for good.
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

/// One tool of a loaded plugin.
package struct LoadedTool: Sendable {
    /// What a call of it runs.
    enum Code: Sendable {
        /// The plugin's `execute`.
        case plugin(Execute)
        /// A C function, by its type.
        case native(ForeignFunction)
        /// Nothing, and why.
        case none(fault: String)
    }

    /// How a plugin describes its tool.
    struct Execute: Sendable {
        /// Constant, and alive as long as the process.
        nonisolated(unsafe) let description: UnsafePointer<tool_v1>
    }

    /// Its schema, as it registered it: bounded, otherwise unchecked.
    package let schema: [UInt8]

    /// Whether it may run beside the plugin's other tools.
    let isConcurrent: Bool

    let code: Code

    /// The C function that a call of it runs, if that is all there is to it.
    package var function: ForeignFunction? { if case .native(let function) = code { function } else { nil } }

    /// Why it cannot be called, if it cannot.
    package var fault: String? { if case .none(let fault) = code { fault } else { nil } }
}

/// Reads what registration returned.
///
/// Sizes are checked before fields; a wild pointer cannot be, which is what worker processes are for.
private struct RegistrationReader {
    let file: String
    let limits: RegistrationLimits

    func manifest(_ plugin: UnsafePointer<tool_plugin_v1>) throws(PluginError) -> [UInt8] {
        try checkSize(plugin.pointee.struct_size, MemoryLayout<tool_plugin_v1>.size, "tool_plugin_v1")
        return try text(plugin.pointee.manifest, limit: limits.manifestBytes, .invalidManifest, "Its manifest")
    }

    func tools(_ plugin: UnsafePointer<tool_plugin_v1>) throws(PluginError) -> [LoadedTool] {
        let count = plugin.pointee.tool_count
        guard count > 0, let pointers = plugin.pointee.tools else {
            throw PluginError(.invalidTool, file: file, "Registers no tools.")
        }
        guard count <= UInt64(limits.tools) else {
            throw PluginError(.invalidTool, file: file, "Registers \(count) tools; at most \(limits.tools) are taken.")
        }
        var tools: [LoadedTool] = []
        var room = limits.totalBytes
        for index in 0..<Int(count) {
            guard let tool = pointers[index] else {
                throw PluginError(.invalidTool, file: file, "Its tool number \(index + 1) is NULL.")
            }
            tools.append(try self.tool(tool, number: index + 1))
            room -= tools[index].schema.count
            guard room >= 0 else {
                throw PluginError(
                    .invalidTool,
                    file: file,
                    "Registers schemas of more than \(limits.totalBytes) bytes together."
                )
            }
        }
        return tools
    }

    func tool(_ tool: UnsafePointer<tool_v1>, number: Int) throws(PluginError) -> LoadedTool {
        try checkSize(tool.pointee.struct_size, MemoryLayout<tool_v1>.size, "tool_v1 number \(number)")
        var schema = try text(
            tool.pointee.schema,
            limit: limits.schemaBytes,
            .invalidTool,
            "The schema of its tool number \(number)"
        )
        let code: LoadedTool.Code
        switch (tool.pointee.execute, tool.pointee.native) {
        case (.some, nil): code = .plugin(LoadedTool.Execute(description: tool))
        case (nil, let native?):
            try checkSize(native.pointee.struct_size, MemoryLayout<tool_native_v1>.size, "tool_native_v1")
            do throws(NativeSignatureError) {
                let function = try foreignFunction(native.pointee)
                schema = try function.function.completed(schema)
                code = .native(function)
            } catch {
                code = .none(fault: error.sentence)
            }
        case (nil, nil): code = .none(fault: "It has neither an execute function nor a native one.")
        case (.some, .some):
            code = .none(fault: "It has both an execute function and a native one; give one of them.")
        }
        return LoadedTool(
            schema: schema,
            isConcurrent: tool.pointee.flags & TOOL_FLAG_CONCURRENT != 0,
            code: code
        )
    }

    private func foreignFunction(_ description: tool_native_v1) throws(NativeSignatureError) -> ForeignFunction {
        guard let function = description.function else { throw NativeSignatureError("Its native function is NULL.") }
        let signature = description.signature
        guard let bytes = signature.bytes, 1...4096 ~= signature.length else {
            throw NativeSignatureError("The signature of its native function is missing, or longer than 4096 bytes.")
        }
        let text = String(decoding: UnsafeRawBufferPointer(start: bytes, count: Int(signature.length)), as: UTF8.self)
        return try ForeignFunction(function, signature: text)
    }

    private func checkSize(_ size: UInt32, _ known: Int, _ name: String) throws(PluginError) {
        guard size >= known else {
            throw PluginError(
                .wrongVersion,
                file: file,
                "Says that its \(name) has \(size) bytes; version \(TOOL_PLUGIN_ABI) of the contract has \(known). "
                    + "Set struct_size, and build it against this host's tool_plugin.h."
            )
        }
    }

    private func text(
        _ text: tool_text_v1,
        limit: Int,
        _ code: PluginError.Code,
        _ name: String
    ) throws(PluginError) -> [UInt8] {
        guard let bytes = text.bytes, text.length > 0 else {
            throw PluginError(code, file: file, "\(name) is missing.")
        }
        guard text.length <= UInt64(limit) else {
            throw PluginError(code, file: file, "\(name) has \(text.length) bytes; at most \(limit) are taken.")
        }
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(text.length)))
    }
}
