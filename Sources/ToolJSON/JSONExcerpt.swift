/// The arrays of which the parser keeps only the first elements.
package struct JSONExcerpt: Sendable {
    /// The name of the members that hold these arrays.
    package let name: String
    /// The maximum depth of the objects with these members.
    ///
    /// The outermost object has depth 1.
    package let depth: Int
    /// The maximum number of elements to keep.
    package let limit: Int

    package init(name: String, depth: Int, limit: Int) {
        self.name = name
        self.depth = depth
        self.limit = limit
    }
}
