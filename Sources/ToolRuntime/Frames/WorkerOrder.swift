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

    package init(path: String, stamp: [UInt64], manifestBytes: Int, schemaBytes: Int, confinement: [UInt8]) {
        self.path = path
        self.stamp = stamp
        self.manifestBytes = manifestBytes
        self.schemaBytes = schemaBytes
        self.confinement = confinement
    }
}
