import CToolPlugin

/// A plugin's description in C.
///
/// Built once and never freed: the host may read it for as long as the process lives.
struct ExportedPlugin: Sendable {
    // Constant from the moment it is built.
    nonisolated(unsafe) let pointer: UnsafePointer<tool_plugin_v1>

    init(manifest: [UInt8], tools: [PluginTool]) {
        let pointers = UnsafeMutablePointer<UnsafePointer<tool_v1>?>.allocate(capacity: tools.count)
        for (index, tool) in tools.enumerated() {
            (pointers + index).initialize(to: Self.constant(Self.description(of: tool)))
        }
        let plugin = tool_plugin_v1(
            struct_size: UInt32(MemoryLayout<tool_plugin_v1>.size),
            flags: 0,
            manifest: Self.constant(manifest),
            tools: UnsafePointer(pointers),
            tool_count: UInt64(tools.count)
        )
        pointer = Self.constant(plugin)
    }

    private static func description(of tool: PluginTool) -> tool_v1 {
        tool_v1(
            struct_size: UInt32(MemoryLayout<tool_v1>.size),
            flags: tool.isConcurrent ? TOOL_FLAG_CONCURRENT : 0,
            schema: constant(Array(tool.schema.utf8)),
            execute: executeTool,
            context: Unmanaged.passRetained(ToolBox(tool)).toOpaque(),
            cancel: nil,
            native: nil
        )
    }

    private static func constant<Value>(_ value: Value) -> UnsafePointer<Value> {
        let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 1)
        pointer.initialize(to: value)
        return UnsafePointer(pointer)
    }

    private static func constant(_ bytes: [UInt8]) -> tool_text_v1 {
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: max(1, bytes.count))
        for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
        return tool_text_v1(bytes: copy, length: UInt64(bytes.count))
    }
}

/// A tool behind a C context pointer.
private final class ToolBox: Sendable {
    let tool: PluginTool

    init(_ tool: PluginTool) { self.tool = tool }
}

/// What the host calls: runs the tool, and completes the call whatever happens.
private func executeTool(_ context: UnsafeMutableRawPointer?, _ call: UnsafePointer<tool_call_v1>?) -> Int32 {
    guard let context, let handle = CallHandle(call) else { return TOOL_DONE }
    let tool = Unmanaged<ToolBox>.fromOpaque(context).takeUnretainedValue().tool
    do {
        let reply = try tool.execute(ToolInvocation(arguments: try handle.arguments(), call: handle))
        for part in reply.parts { handle.write(part) }
        handle.complete(TOOL_OK)
    } catch let failure as ToolFailure {
        handle.fail(failure.kind.status, failure.message)
    } catch {
        handle.fail(TOOL_INTERNAL, "\(error)")
    }
    return TOOL_DONE
}

extension ToolFailure.Kind {
    fileprivate var status: Int32 {
        switch self {
        case .error: TOOL_ERROR
        case .invalidArguments: TOOL_INVALID_ARGUMENTS
        case .cancelled: TOOL_CANCELLED
        }
    }
}
