/// The arrays of which a parser keeps only the beginning.
package struct JSONExcerpt: Sendable {
    /// The name of the members whose arrays these are.
    package let name: String
    /// The greatest depth of their objects: the outermost object has depth 1.
    package let depth: Int
    /// The number of elements to keep.
    package let limit: Int

    package init(name: String, depth: Int, limit: Int) {
        self.name = name
        self.depth = depth
        self.limit = limit
    }
}
