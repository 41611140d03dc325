/// The limits of a plugin's registration.
package struct RegistrationLimits: Sendable {
    /// The maximum length of the manifest, in bytes.
    package var manifestBytes: Int
    /// The maximum length of the schema of one tool, in bytes.
    package var schemaBytes: Int
    /// The maximum number of tools.
    package var tools = 1024

    /// The maximum length of all schemas together, in bytes.
    package var totalBytes: Int { max(16 << 20, schemaBytes) }

    /// The maximum length of the message that reports the registration to a host, in bytes.
    package var messageBytes: Int { manifestBytes + 2 * totalBytes }

    package init(manifestBytes: Int = 64 << 10, schemaBytes: Int = 1 << 20) {
        self.manifestBytes = manifestBytes
        self.schemaBytes = schemaBytes
    }
}
