import CToolPlugin
import Locks

/// A call from the host.
///
/// The host's pointers are valid until the call is completed, and are not used after that.
final class Call: Sendable {
    let id: UInt64
    let deadline: UInt64
    // The host keeps the table for the lifetime of the process. Its functions may be called on any thread.
    private nonisolated(unsafe) let host: UnsafePointer<tool_host_v1>
    private let pending: Lock<Pending>

    /// The state that is valid until the call is completed.
    private struct Pending: ~Copyable {
        // Owned by the host, and valid until the call is completed.
        nonisolated(unsafe) var call: UnsafePointer<tool_call_v1>?
    }

    init?(_ call: UnsafePointer<tool_call_v1>?) {
        guard let call, let host = call.pointee.host else { return nil }
        self.host = host
        id = call.pointee.id
        deadline = call.pointee.deadline_ns
        pending = Lock(Pending(call: call))
    }

    /// True if the host no longer waits for the result.
    var isCancelled: Bool {
        pending.withLock { $0.call.map { tool_is_cancelled($0) != 0 } ?? true }
    }

    /// Calls a closure with the arguments as JSON text, or returns nil if the call is completed.
    func withArguments<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result? {
        let text: tool_text_v1? = pending.withLock { $0.call?.pointee.arguments }
        guard let text else { return nil }
        return try body(UnsafeRawBufferPointer(start: text.bytes, count: Int(text.length)))
    }

    func write(_ part: ContentPart) {
        withText(part.mediaType.utf8) { mediaType in
            withText(part.bytes) { bytes in _ = host.pointee.write?(host, id, mediaType, bytes) }
        }
    }

    func complete(_ status: Int32) {
        pending.withLock { $0.call = nil }
        _ = host.pointee.complete?(host, id, status)
    }

    func progress(_ fraction: Double?, _ message: String) {
        withText(message.utf8) { text in _ = host.pointee.progress?(host, id, fraction ?? -1, text) }
    }

    func log(_ level: Int32, _ message: String) {
        withText(message.utf8) { text in _ = host.pointee.log?(host, level, text) }
    }

    func configuration(_ key: String) -> String? {
        withText(key.utf8) { key in
            var value = tool_text_v1()
            guard host.pointee.config?(host, key, &value) == TOOL_RESULT_OK else { return nil }
            return value.string
        }
    }

    func addresses(of name: String) -> [String] {
        withText(name.utf8) { name in
            var value = tool_text_v1()
            guard host.pointee.resolve?(host, id, name, &value) == TOOL_RESULT_OK else { return [] }
            return value.string.split(separator: "\n").map(String.init)
        }
    }

    private func withText<Result>(_ bytes: some Collection<UInt8>, _ body: (tool_text_v1) -> Result) -> Result {
        func run(_ buffer: UnsafeBufferPointer<UInt8>) -> Result {
            buffer.withMemoryRebound(to: CChar.self) {
                body(tool_text_v1(bytes: $0.baseAddress, length: UInt64($0.count)))
            }
        }
        return bytes.withContiguousStorageIfAvailable(run) ?? Array(bytes).withUnsafeBufferPointer(run)
    }
}

extension tool_text_v1 {
    fileprivate var string: String {
        String(decoding: UnsafeRawBufferPointer(start: bytes, count: Int(length)), as: UTF8.self)
    }
}
