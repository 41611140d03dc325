/// The findings about a plugin without libraries of its files, which are valid until a file or directory changes.
package struct PluginFindings: Sendable, Hashable {
    /// A directory in which a library was searched.
    package struct Directory: Sendable, Hashable {
        package let path: String
        package let identity: FileIdentity

        package init(path: String, identity: FileIdentity) { (self.path, self.identity) = (path, identity) }
    }

    /// The state of the file.
    package let identity: FileIdentity

    /// The searched directories that do not contain the libraries that the file needs.
    ///
    /// A library that is created there takes precedence over the system's, and becomes part of the plugin's code.
    package let absences: [Directory]

    package init(identity: FileIdentity, absences: [Directory]) {
        (self.identity, self.absences) = (identity, absences)
    }
}
