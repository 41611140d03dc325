import LoopbackHTTP

extension ScriptedServer {
    /// A gate that holds a reply back until a test opens it.
    ///
    /// An open gate is never closed again.
    public final class Gate: Sendable {
        let latch = Latch()

        /// Creates a closed gate.
        public init() {}

        /// Lets all threads pass that wait for the gate now or later.
        public func open() { latch.open() }
    }
}
