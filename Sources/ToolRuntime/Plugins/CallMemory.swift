import CToolPlugin
import Synchronization

/// The memory of a call that its plugin reads: the call, the word for its cancellation, and its arguments.
///
/// It is one allocation, which the owner frees once the plugin has released the call.
struct CallMemory: Sendable {
    // Allocated for the record's lifetime. The word is atomic, and all else is written before the plugin runs.
    private nonisolated(unsafe) let base: UnsafeMutableRawPointer
    private let argumentCount: Int

    private static let wordOffset = MemoryLayout<tool_call_v1>.size
    private static let argumentOffset = wordOffset + MemoryLayout<UInt64>.size

    /// Allocates the memory, with a copy of the arguments and a zero after them.
    init(copying arguments: UnsafeRawBufferPointer) {
        argumentCount = arguments.count
        base = .allocate(
            byteCount: Self.argumentOffset + argumentCount + 1,
            alignment: MemoryLayout<tool_call_v1>.alignment
        )
        base.initializeMemory(as: tool_call_v1.self, to: tool_call_v1())
        (base + Self.wordOffset).initializeMemory(as: Atomic<UInt32>.self, to: Atomic(0))
        let text = base + Self.argumentOffset
        if let start = arguments.baseAddress { text.copyMemory(from: start, byteCount: argumentCount) }
        text.storeBytes(of: 0, toByteOffset: argumentCount, as: UInt8.self)
    }

    func deallocate() {
        word.deinitialize(count: 1)
        base.deallocate()
    }

    /// The call as the plugin sees it.
    var call: UnsafeMutablePointer<tool_call_v1> { base.assumingMemoryBound(to: tool_call_v1.self) }

    /// The JSON text of the arguments.
    var arguments: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + Self.argumentOffset, count: argumentCount)
    }

    private var word: UnsafeMutablePointer<Atomic<UInt32>> {
        (base + Self.wordOffset).assumingMemoryBound(to: Atomic<UInt32>.self)
    }

    /// Describes the call for the plugin.
    func describe(number: UInt64, deadline: MonotonicInstant, host: UnsafePointer<tool_host_v1>) {
        call.pointee = tool_call_v1(
            struct_size: UInt32(MemoryLayout<tool_call_v1>.size),
            flags: 0,
            id: number,
            arguments: tool_text_v1(
                bytes: arguments.baseAddress?.assumingMemoryBound(to: CChar.self),
                length: UInt64(argumentCount)
            ),
            deadline_ns: deadline.nanoseconds,
            cancelled: UnsafePointer(UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self)),
            host: host
        )
    }

    /// Asks the plugin to stop.
    func cancel() { word.pointee.store(1, ordering: .releasing) }
}
