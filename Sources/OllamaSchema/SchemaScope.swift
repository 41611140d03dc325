/// The schemas that enclose the schema being lowered.
struct SchemaScope {
    /// The pointers of the schemas being lowered, by level.
    ///
    /// The sets are never joined: there can be thousands of levels, and each has thousands of parts with scopes.
    private var levels: [Set<String>] = []

    var depth: Int { levels.count }

    /// True if the schema at a pointer is being lowered, so that a reference to it would never end.
    func contains(_ path: String) -> Bool {
        levels.contains { $0.contains(path) }
    }

    /// Returns the scope inside the schemas at some pointers.
    func entering(_ paths: Set<String>) -> SchemaScope {
        var scope = self
        scope.levels.append(paths)
        return scope
    }
}
