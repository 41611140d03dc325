/// A compiled schema: a graph of nodes.
final class SchemaProgram: Sendable {
    let nodes: [SchemaNode]
    let root: Int

    /// The types of values that can satisfy each node, by index.
    let types: [TypeSet]

    /// The nodes of dynamic anchors, by resource and name.
    ///
    /// `$recursiveAnchor` is the name "".
    ///
    /// Empty if the schema has no dynamic reference.
    let dynamicAnchors: [Int: [String: Int]]

    /// The rules for the members of the root value, from all nodes that apply to it.
    let rootProperties: [PropertyRules]

    /// True if every member of an accepted root value is declared.
    let declaresAllMembers: Bool

    init(nodes: [SchemaNode], root: Int, types: [TypeSet], dynamicAnchors: [Int: [String: Int]]) {
        self.nodes = nodes
        self.root = root
        self.types = types
        self.dynamicAnchors = dynamicAnchors
        rootProperties = Self.appliedInPlace(at: root, of: nodes).flatMap { nodes[$0].propertyRules }
        // The root's own rules always apply. If they allow no additional member, an accepted value has none.
        let allowsOthers = rootProperties.contains { $0.additional.map { !nodes[$0].isNever } == true }
        declaresAllMembers = allowsOthers || nodes[root].propertyRules.contains { $0.additional != nil }
    }
}
