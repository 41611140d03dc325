import ToolJSON

// The kernel reads paths as bytes with slashes between names. Swift compares and splits by characters, and a slash that
// a combining accent follows is a different character.
extension String {
    /// The names between the slashes of a path.
    var pathNames: [String] { utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) } }
}

extension [String] {
    /// Returns true if one of the strings has the same bytes.
    func containsBytes(of text: String) -> Bool { contains { $0.hasSameBytes(as: text) } }
}
