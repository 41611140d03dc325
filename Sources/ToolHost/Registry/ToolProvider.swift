import ToolJSON

/// The provider of a tool: the plugin that it belongs to, or the program that registered it.
public struct ToolProvider: Sendable, Hashable {
    /// The name of the plugin; "" for the program.
    public let name: String

    /// The version of the plugin; "" if it has none.
    public let version: String

    /// The file of the plugin, as it was found; nil for the program.
    public let file: String?

    /// Creates the provider of a plugin's tools.
    public init(name: String, version: String, file: String) {
        (self.name, self.version, self.file) = (name, version, file)
    }

    private init() { (name, version, file) = ("", "", nil) }

    /// The program that contains the host.
    public static let program = ToolProvider()

    /// True if both are the same file, or both are the program.
    func isSame(as other: ToolProvider) -> Bool {
        // String comparison ignores differences of Unicode normalisation, which a file system does not.
        switch (file, other.file) {
        case (let file?, let otherFile?): file.hasSameBytes(as: otherFile)
        case (nil, nil): true
        default: false
        }
    }
}
