import CToolPlugin
import Glibc
import ToolContract

/// The tools of the conversations.
///
/// They use the contract in C, because Swift's macros would need a release build of swift-syntax, which takes minutes.
enum Tools {
    /// A tool that returns its arguments.
    static let echo = tool(
        #"{"name":"echo","description":"","parameters":{"type":"object","properties":{"word":{"type":"string"}}}}"#
    ) { _, call in
        guard let call else { return TOOL_DONE }
        return tool_reply(call, call.pointee.arguments)
    }

    /// A tool that runs until it is cancelled.
    static let endless = tool(
        #"{"name":"endless","description":"","parameters":{"type":"object","properties":{}}}"#
    ) { _, call in
        guard let call else { return TOOL_DONE }
        while tool_is_cancelled(call) == 0 { usleep(1000) }
        return tool_finish(call, TOOL_CANCELLED)
    }

    private static func tool(
        _ schema: StaticString,
        _ execute: @escaping @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<tool_call_v1>?) -> Int32
    ) -> Tool {
        var description = tool_v1()
        description.struct_size = UInt32(MemoryLayout<tool_v1>.size)
        description.flags = TOOL_FLAG_CONCURRENT
        description.schema.length = UInt64(schema.utf8CodeUnitCount)
        description.schema.bytes = UnsafeRawPointer(schema.utf8Start).assumingMemoryBound(to: CChar.self)
        description.execute = execute
        // It must stay valid until the process exits.
        let memory = UnsafeMutablePointer<tool_v1>.allocate(capacity: 1)
        memory.initialize(to: description)
        return Tool(memory)
    }
}
