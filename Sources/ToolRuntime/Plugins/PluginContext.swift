import CToolPlugin
import Locks

/// The part of the host that one plugin can use: a function table, its configuration and the list of its violations.
package final class PluginContext: Sendable {
    /// Receives a log message of the plugin: the severity from 0 (debug) to 3 (error), and text of at most 8 KiB.
    package typealias Log = @Sendable (_ level: Int32, _ message: String) -> Void

    /// Returns the numeric addresses of a host name, or nil if it has none.
    ///
    /// Blocks the calling thread.
    package typealias Resolver = @Sendable (_ name: String) -> [String]?

    private struct State {
        var configuration: [String: HeldText] = [:]
        var resolver: Resolver?
        var violations: [String] = []
        var lastLogLine: String?
    }

    let file: String
    // Valid until the process exits, as is everything that a plugin may store a pointer to.
    nonisolated(unsafe) let table: UnsafePointer<tool_host_v1>
    private let logSink: Log
    private let violated: @Sendable (String) -> Void
    private let state = Lock(State())

    private static let maximumViolations = 32
    private static let maximumLogBytes = 8 << 10

    init(file: String, log: @escaping Log, violated: @escaping @Sendable (String) -> Void = { _ in }) {
        self.file = file
        logSink = log
        self.violated = violated
        let table = UnsafeMutablePointer<tool_host_v1>.allocate(capacity: 1)
        self.table = UnsafePointer(table)
        table.initialize(to: makeHostTable())
        // Never released: the plugin may call at any time until the process exits.
        table.pointee.context = Unmanaged.passRetained(self).toOpaque()
    }

    /// Returns the context of a table that a plugin passed to the host.
    static func of(_ table: UnsafePointer<tool_host_v1>?) -> PluginContext? {
        guard let context = table?.pointee.context else { return nil }
        return Unmanaged<PluginContext>.fromOpaque(context).takeUnretainedValue()
    }

    /// Replaces the configuration of the plugin: its values by key.
    package func configure(_ values: [String: String]) {
        state.withLock { $0.configuration = values.mapValues { HeldText($0.utf8) } }
    }

    /// Sets the resolver of host names, or nil if the plugin has no permission for the network.
    package func allowResolving(_ resolver: Resolver?) {
        state.withLock { $0.resolver = resolver }
    }

    /// The contract violations so far, as sentences.
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
        logSink(TOOL_LOG_ERROR, "contract violation: \(sentence)")
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
        // The contract promises the value until the process exits, so its memory is never freed.
        return state.withLock { $0.configuration[name]?.leaked() }
    }
}
