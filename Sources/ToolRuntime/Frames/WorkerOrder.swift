/// The file that a worker loads, with its limits.
package struct WorkerOrder: Sendable, Hashable {
    /// The real path, without symbolic links.
    package var path: String
    /// The identity on disk of the file and its libraries, as the host checked them: ``PluginFile/stamp``.
    package var stamp: [UInt64]
    package var manifestBytes: Int
    package var schemaBytes: Int
    /// The order for the sandbox, as JSON.
    package var confinement: [UInt8]
    /// The interpreter that runs the file, or nil for a file that the worker program loads.
    package var interpreter: InterpreterOrder?

    package init(
        path: String,
        stamp: [UInt64],
        manifestBytes: Int,
        schemaBytes: Int,
        confinement: [UInt8],
        interpreter: InterpreterOrder? = nil
    ) {
        self.path = path
        self.stamp = stamp
        self.manifestBytes = manifestBytes
        self.schemaBytes = schemaBytes
        self.confinement = confinement
        self.interpreter = interpreter
    }
}
