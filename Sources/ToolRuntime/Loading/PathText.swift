extension String {
    /// The part of a path before its last slash; nil without a slash.
    ///
    /// It is found by bytes, as in the kernel: a slash followed by a combining character is still a slash.
    package var directoryPart: String? {
        utf8.lastIndex(of: UInt8(ascii: "/")).map { String(self[..<$0]) }
    }

    /// True if the string contains a slash, including one followed by a combining character.
    package var hasSlash: Bool { utf8.contains(UInt8(ascii: "/")) }

    /// True if the path begins at the root.
    package var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }
}
