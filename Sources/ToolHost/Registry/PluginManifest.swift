import ToolJSON
import ToolRuntime

/// The manifest of a plugin.
struct PluginManifest: Sendable {
    let name: String
    let version: String
    /// The permissions that the plugin requests.
    let permissions: PluginPermissions
    /// The configuration keys that the plugin reads.
    let configurationKeys: [String]
    /// The sentences about oddities of its JSON that do no harm.
    let warnings: [String]

    /// Reads a manifest as a plugin registered it.
    init(_ bytes: [UInt8], file: String) throws(PluginError) {
        func invalid(_ sentence: String, _ cause: (any Error)? = nil) -> PluginError {
            PluginError(
                .invalidManifest,
                file: file,
                "Its manifest cannot be used: \(sentence)",
                underlyingError: cause
            )
        }
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: bytes)
        } catch {
            throw invalid("\(error).", error)
        }
        guard let members = document.value.object else { throw invalid("it is not a JSON object.") }
        guard let name = members["name"]?.string, Identifier.isPluginName(name) else {
            throw invalid("\"name\" must be 1 to 64 letters, digits, dots, hyphens and underscores.")
        }
        let version = members["version"] ?? ""
        guard let version = version.string, version.utf8.count <= 64, !Identifier.hasHiddenCharacters(version) else {
            throw invalid("\"version\" must be a string of at most 64 bytes without invisible characters.")
        }
        let keys = (members["config"] ?? []).array?.map(\.string)
        guard let keys, keys.count <= 64, keys.allSatisfy({ $0.map(Identifier.isPluginName) ?? false }) else {
            throw invalid("\"config\" must be an array of at most 64 names.")
        }
        do {
            // Most plugins request nothing.
            if let requested = members["permissions"] {
                permissions = try PluginPermissions(requested)
            } else {
                permissions = PluginPermissions()
            }
        } catch {
            throw invalid(error.message, error)
        }
        self.name = name
        self.version = version
        warnings =
            document.warnings
            + members.mistypedKeys(["name", "version", "description", "config", "permissions", "python"])
        configurationKeys = keys.compactMap(\.self)
    }
}
