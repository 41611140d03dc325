/// The operations of a worker process around the code of its plugin.
package struct PluginSurroundings: Sendable {
    /// Confines the process, before any code of the plugin can run.
    ///
    /// The arguments are the host's order as JSON and the real path of the plugin. The result is the report of the
    /// restrictions that the kernel enforces, as JSON.
    package var confine: @Sendable (_ confinement: [UInt8], _ path: String) throws(PluginError) -> [UInt8]

    /// Confines the process, and starts the interpreter of the host's order in place of its program.
    ///
    /// The arguments are the host's order as JSON, the interpreter's arguments, the real path of the plugin, and a
    /// closure that receives the report of the restrictions before the interpreter starts. It returns only by throwing.
    package var become: Become

    package typealias Become =
        @Sendable (
            _ confinement: [UInt8], _ arguments: [String], _ path: String, _ confined: ([UInt8]) -> Void
        ) throws(PluginError) -> Void

    /// Confines the process further, after the plugin has registered.
    package var tighten: @Sendable () throws(PluginError) -> Void

    /// Records on the thread of a call that the tool's code starts, so that a crash is attributed to the call.
    package var enter: @Sendable (_ call: UInt64) -> Void

    /// Records on the same thread that the tool's code has returned.
    package var leave: @Sendable () -> Void

    /// Writes the output of the plugin that the C library has buffered.
    ///
    /// It is called before the end of a call is reported.
    package var flush: @Sendable () -> Void

    /// Records where the bytes are that a dying process still sends to the host, and the word with their number.
    ///
    /// The one who sends them first exchanges the number for 0.
    package var rescue: @Sendable (_ bytes: UnsafeRawPointer, _ count: UnsafeMutableRawPointer) -> Void

    /// The processor that the calling thread runs on; `UInt32.max` if it is unknown.
    package var processor: @Sendable () -> UInt32

    /// Moves the calling thread to a processor, without restricting it to that one.
    package var move: @Sendable (_ processor: UInt32) -> Void

    package init(
        confine: @escaping @Sendable (_ confinement: [UInt8], _ path: String) throws(PluginError) -> [UInt8],
        become: @escaping Become,
        tighten: @escaping @Sendable () throws(PluginError) -> Void,
        enter: @escaping @Sendable (_ call: UInt64) -> Void,
        leave: @escaping @Sendable () -> Void,
        flush: @escaping @Sendable () -> Void,
        rescue: @escaping @Sendable (_ bytes: UnsafeRawPointer, _ count: UnsafeMutableRawPointer) -> Void,
        processor: @escaping @Sendable () -> UInt32,
        move: @escaping @Sendable (_ processor: UInt32) -> Void
    ) {
        self.confine = confine
        self.become = become
        self.tighten = tighten
        self.enter = enter
        self.leave = leave
        self.flush = flush
        self.rescue = rescue
        self.processor = processor
        self.move = move
    }
}
