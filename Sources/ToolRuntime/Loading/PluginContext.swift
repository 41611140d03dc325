import CToolPlugin
import Synchronization

/// What one plugin sees of the host: its own function table, its configuration, and the log of what it did wrong.
package final class PluginContext: Sendable {
    /// Receives a plugin's log lines: severity from 0 (debug) to 3 (error), and text of at most 8 KiB.
    package typealias Log = @Sendable (_ level: Int32, _ message: String) -> Void

    /// Finds the numeric addresses of a host name; blocks.
    package typealias Resolver = @Sendable (_ name: String) -> [String]?

    private struct State {
        var configuration: [String: HeldText] = [:]
        var resolver: Resolver?
        var violations: [String] = []
        var lastLogLine: String?
    }

    let file: String
    // Alive as long as the process, like everything a plugin may hold on to.
    nonisolated(unsafe) let table: UnsafePointer<tool_host_v1>
    private let logSink: Log
    private let violated: @Sendable (String) -> Void
    private let state = Mutex(State())

    private static let maximumViolations = 32
    private static let maximumLogBytes = 8 << 10

    init(file: String, log: @escaping Log, violated: @escaping @Sendable (String) -> Void = { _ in }) {
        self.file = file
        logSink = log
        self.violated = violated
        let table = UnsafeMutablePointer<tool_host_v1>.allocate(capacity: 1)
        self.table = UnsafePointer(table)
        table.initialize(to: makeHostTable())
        // Leaked on purpose: the plugin may call at any time, for as long as the process lives.
        table.pointee.context = Unmanaged.passRetained(self).toOpaque()
    }

    /// The context behind a table that a plugin handed in.
    static func of(_ table: UnsafePointer<tool_host_v1>?) -> PluginContext? {
        guard let context = table?.pointee.context else { return nil }
        return Unmanaged<PluginContext>.fromOpaque(context).takeUnretainedValue()
    }

    /// Gives the plugin its configuration: values by their keys.
    package func configure(_ values: [String: String]) {
        state.withLock { $0.configuration = values.mapValues { HeldText($0.utf8) } }
    }

    /// Says what resolves host names for the plugin; `nil` where it has no permission for it.
    package func allowResolving(_ resolver: Resolver?) {
        state.withLock { $0.resolver = resolver }
    }

    /// Breaches of the contract so far, in sentences.
    package var violations: [String] { state.withLock { $0.violations } }

    func recordViolation(_ sentence: String) {
        let isNew = state.withLock { state in
            guard state.violations.count < Self.maximumViolations, !state.violations.contains(sentence) else {
                return false
            }
            state.violations.append(sentence)
            return true
        }
        guard isNew else { return }
        violated(sentence)
        logSink(TOOL_LOG_ERROR, "breach of the plugin contract: \(sentence)")
    }

    var lastLogLine: String? { state.withLock { $0.lastLogLine } }

    var resolver: Resolver? { state.withLock { $0.resolver } }

    func log(_ level: Int32, _ message: tool_text_v1) -> Int32 {
        guard let bytes = message.bufferIfValid else { return TOOL_RESULT_INVALID }
        let text = String(decoding: bytes.prefix(Self.maximumLogBytes), as: UTF8.self)
        state.withLock { $0.lastLogLine = text }
        logSink(min(max(level, TOOL_LOG_DEBUG), TOOL_LOG_ERROR), text)
        return TOOL_RESULT_OK
    }

    func configurationValue(_ key: tool_text_v1) -> tool_text_v1? {
        guard let bytes = key.bufferIfValid else { return nil }
        let name = String(decoding: bytes, as: UTF8.self)
        // The value is promised for as long as the process lives, so what holds it is never let go.
        return state.withLock { $0.configuration[name]?.leaked() }
    }
}

/// Bytes at a fixed address, with a zero after them, for C code to read.
final class HeldText: Sendable {
    // Written once, before anybody else sees it.
    private nonisolated(unsafe) let bytes: UnsafeMutablePointer<CChar>
    private let count: Int

    init(_ text: some Collection<UInt8>) {
        count = text.count
        bytes = .allocate(capacity: count + 1)
        for (index, byte) in text.enumerated() { bytes[index] = CChar(bitPattern: byte) }
        bytes[count] = 0
    }

    deinit { bytes.deallocate() }

    /// The text, valid as long as this object.
    var text: tool_text_v1 { tool_text_v1(bytes: bytes, length: UInt64(count)) }

    /// The text, valid for ever.
    func leaked() -> tool_text_v1 {
        _ = Unmanaged.passRetained(self)
        return text
    }
}

extension tool_text_v1 {
    /// The bytes, or `nil` where the pointer is missing although a length is given.
    var bufferIfValid: UnsafeRawBufferPointer? {
        guard length <= UInt64(Int.max), bytes != nil || length == 0 else { return nil }
        return UnsafeRawBufferPointer(start: bytes, count: Int(length))
    }
}
