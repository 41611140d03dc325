extension String {
    /// What a path has before its last slash; `nil` where it has none.
    ///
    /// By bytes, as the kernel reads it: there, a slash that a combining character follows is a slash.
    package var directoryPart: String? {
        utf8.lastIndex(of: UInt8(ascii: "/")).map { String(self[..<$0]) }
    }

    /// Whether it has a slash, whatever follows that.
    package var hasSlash: Bool { utf8.contains(UInt8(ascii: "/")) }

    /// Whether it is a path from the root.
    package var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }
}
