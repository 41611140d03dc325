import CToolPlugin
import ToolJSON

/// A call as the host gave it, for as long as it is not completed.
struct CallHandle: Sendable {
    // The host keeps it until the call is completed, and its functions may be called from any thread.
    private nonisolated(unsafe) let call: UnsafePointer<tool_call_v1>
    private nonisolated(unsafe) let host: UnsafePointer<tool_host_v1>

    init?(_ call: UnsafePointer<tool_call_v1>?) {
        guard let call, let host = call.pointee.host else { return nil }
        self.call = call
        self.host = host
    }

    var isCancelled: Bool { tool_is_cancelled(call) != 0 }

    func arguments() throws -> JSONObject {
        let text = call.pointee.arguments
        let bytes = UnsafeRawBufferPointer(start: text.bytes, count: Int(text.length))
        guard let arguments = try JSON(parsing: bytes).object else {
            throw ToolFailure.invalidArguments("expected a JSON object of arguments")
        }
        return arguments
    }

    func write(_ part: ToolReply.Part) {
        withText(Array(part.mediaType.utf8)) { mediaType in
            withText(part.bytes) { bytes in
                _ = host.pointee.write?(host, call.pointee.id, mediaType, bytes)
            }
        }
    }

    func complete(_ status: Int32) {
        _ = host.pointee.complete?(host, call.pointee.id, status)
    }

    func fail(_ status: Int32, _ message: String) {
        write(ToolReply.Part(mediaType: "", bytes: Array(message.utf8)))
        complete(status)
    }

    func progress(_ fraction: Double?, _ message: String) {
        withText(Array(message.utf8)) { text in
            _ = host.pointee.progress?(host, call.pointee.id, fraction ?? -1, text)
        }
    }

    func log(_ message: String) {
        withText(Array(message.utf8)) { text in
            _ = host.pointee.log?(host, TOOL_LOG_INFO, text)
        }
    }

    func configuration(_ key: String) -> String? {
        withText(Array(key.utf8)) { key in
            var value = tool_text_v1()
            guard host.pointee.config?(host, key, &value) == TOOL_RESULT_OK else { return nil }
            let bytes = UnsafeRawBufferPointer(start: value.bytes, count: Int(value.length))
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private func withText<Result>(_ bytes: [UInt8], _ body: (tool_text_v1) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                body(tool_text_v1(bytes: $0.baseAddress, length: UInt64($0.count)))
            }
        }
    }
}
