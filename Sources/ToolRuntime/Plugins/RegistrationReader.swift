import CToolPlugin

/// A reader of the registration that a plugin returns.
///
/// The size of each structure is checked before its fields. Invalid pointers cannot be detected; worker processes
/// protect the host from them.
struct RegistrationReader {
    let file: String
    let limits: RegistrationLimits

    /// Returns the manifest.
    func manifest(_ plugin: UnsafePointer<tool_plugin_v1>) throws(PluginError) -> [UInt8] {
        try checkSize(plugin.pointee.struct_size, MemoryLayout<tool_plugin_v1>.size, "tool_plugin_v1")
        return try text(plugin.pointee.manifest, limit: limits.manifestBytes, .invalidManifest, "Its manifest")
    }

    /// Returns all tools.
    func tools(_ plugin: UnsafePointer<tool_plugin_v1>) throws(PluginError) -> [LoadedTool] {
        let count = plugin.pointee.tool_count
        guard count > 0, let pointers = plugin.pointee.tools else {
            throw PluginError(.invalidTool, file: file, "Registers no tools.")
        }
        guard count <= UInt64(limits.tools) else {
            throw PluginError(.invalidTool, file: file, "Registers \(count) tools; at most \(limits.tools) are taken.")
        }
        var tools: [LoadedTool] = []
        var bytesLeft = limits.totalBytes
        for index in 0..<Int(count) {
            guard let tool = pointers[index] else {
                throw PluginError(.invalidTool, file: file, "Its tool number \(index + 1) is NULL.")
            }
            tools.append(try self.tool(tool, number: index + 1))
            bytesLeft -= tools[index].schema.count
            guard bytesLeft >= 0 else {
                throw PluginError(
                    .invalidTool,
                    file: file,
                    "Registers schemas of more than \(limits.totalBytes) bytes together."
                )
            }
        }
        return tools
    }

    /// Returns one tool.
    ///
    /// - Parameter number: The position of the tool from 1, for error messages.
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
                code = .none(fault: error.message)
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
