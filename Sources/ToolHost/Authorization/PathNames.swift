import ToolJSON

/// Paths as the kernel reads them: bytes, with slashes between the names.
///
/// Swift compares and splits by characters, and a slash with an accent behind it is another character than a slash.
extension String {
    /// Whether it is a path from the root.
    var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }

    /// The names between the slashes.
    var pathNames: [String] { utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) } }
}

extension [String] {
    /// Whether a text is in it, byte for byte.
    func hasExactly(_ text: String) -> Bool { contains { $0.hasSameBytes(as: text) } }
}
