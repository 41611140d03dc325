import ToolJSON

/// Turns a schema into nodes, each subschema once however often it is referred to.
///
/// A subschema gets its number when something first needs it and its rules later, from a list of work, so neither
/// references in a circle nor long chains of them nest.
struct SchemaCompiler {
    let assertsFormats: Bool
    private var resources: SchemaResources
    private var nodes: [SchemaNode] = []
    private var numbers: [Key: Int] = [:]
    private var pending: [(number: Int, place: SchemaResources.Place)] = []

    /// The anchors that a `$dynamicRef` asks for, and "" for a `$recursiveRef`.
    private var dynamicNames: Set<String> = []

    private struct Key: Hashable {
        let resource: Int
        /// Compared by its bytes, as member names are.
        let pointer: ExactKey
    }

    init(documents: SchemaDocuments, assertsFormats: Bool) {
        resources = SchemaResources(documents: documents)
        self.assertsFormats = assertsFormats
    }

    mutating func compile(_ schema: JSON) throws(SchemaError) -> SchemaProgram {
        let root = try number(of: try resources.add(root: schema))
        var dynamicAnchors: [Int: [String: Int]] = [:]
        repeat {
            try compilePending()
            dynamicAnchors = try numberDynamicAnchors()
        } while !pending.isEmpty
        return SchemaProgram(nodes: nodes, root: root, types: try types(), dynamicAnchors: dynamicAnchors)
    }

    private mutating func compilePending() throws(SchemaError) {
        while let (number, place) = pending.popLast() {
            try spend(64)
            var keywords = KeywordCompiler(
                place: place,
                location: nodes[number].location,
                assertsFormats: assertsFormats
            )
            let rules = try keywords.rules(&self)
            nodes[number].rules = rules
            nodes[number].description = place.schema["description"]?.string
            nodes[number].asksForMarks = rules.contains(where: \.asksForMarks)
        }
    }

    /// Charges work to the budget of the compilation.
    mutating func spend(_ steps: Int) throws(SchemaError) { try resources.spend(steps) }

    /// Charges work to the budget of the compilation.
    mutating func spend(_ work: (inout WorkBudget) throws(CheckError) -> Void) throws(SchemaError) {
        try resources.spend(work)
    }

    /// A subschema's number; it is compiled in its turn.
    mutating func number(of place: SchemaResources.Place) throws(SchemaError) -> Int {
        // The pointer is stored twice.
        try spend(16 + place.pointer.utf8.count / 4)
        let key = Key(resource: place.resource, pointer: ExactKey(place.pointer))
        if let number = numbers[key] { return number }
        let number = nodes.count
        numbers[key] = number
        // Every node has a location, which may lie within a long one.
        let outer = resources.resources[place.resource].place
        try spend(outer.utf8.count / 4)
        let location = outer + place.pointer
        nodes.append(SchemaNode(resource: place.resource, location: location))
        pending.append((number, place))
        return number
    }

    /// The number of a subschema that stands inside another.
    mutating func number(
        of schema: JSON,
        in outer: SchemaResources.Place,
        at pointer: String
    ) throws(SchemaError) -> Int {
        try number(of: try resources.place(of: schema, in: outer, at: pointer))
    }

    /// The number of what a reference leads to.
    mutating func number(of reference: String, from place: SchemaResources.Place, _ location: String)
        throws(SchemaError) -> Int
    {
        try number(of: try resources.resolve(reference, from: place.resource, at: location))
    }

    /// The initial target of a dynamic reference, and the anchor by which other nodes may replace it.
    ///
    /// - Parameter anchor: The name of the anchor; "" for a `$recursiveRef`.
    mutating func dynamicTarget(
        of reference: String,
        anchor: String?,
        from place: SchemaResources.Place,
        _ location: String
    ) throws(SchemaError) -> (number: Int, anchor: String?) {
        let target = try resources.resolve(reference, from: place.resource, at: location)
        let number = try number(of: target)
        guard let anchor, resources.resources[target.resource].dynamicAnchors.contains(anchor) else {
            return (number, nil)
        }
        dynamicNames.insert(anchor)
        return (number, anchor)
    }

    private mutating func numberDynamicAnchors() throws(SchemaError) -> [Int: [String: Int]] {
        guard !dynamicNames.isEmpty else { return [:] }
        var anchors: [Int: [String: Int]] = [:]
        for (index, resource) in resources.resources.enumerated() {
            try spend(4 + min(resource.dynamicAnchors.count, dynamicNames.count))
            for name in resource.dynamicAnchors.intersection(dynamicNames) {
                if let place = resource.anchors[name] { anchors[index, default: [:]][name] = try number(of: place) }
            }
        }
        return anchors
    }

    // MARK: - Types, and circles

    /// Works out the types that each node allows, from the nodes it applies to the same value.
    ///
    /// A schema may hold itself below a property or an item: values end, so evaluation does. One that applies itself to
    /// the same value is refused.
    private func types() throws(SchemaError) -> [TypeSet] {
        enum Mark { case open, closed }
        var types: [TypeSet] = Array(repeating: .all, count: nodes.count)
        var marks: [Mark?] = Array(repeating: nil, count: nodes.count)
        for start in nodes.indices where marks[start] == nil {
            // Depth first, without recursion: a schema may be a long chain.
            var stack: [(node: Int, next: [Int])] = [(start, nodes[start].appliedInPlace)]
            marks[start] = .open
            while let top = stack.last {
                guard let next = top.next.last else {
                    marks[top.node] = .closed
                    types[top.node] = nodes[top.node].rules.reduce(.all) { $0.intersection($1.types(types)) }
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next.removeLast()
                switch marks[next] {
                case .open:
                    throw SchemaError(
                        location: nodes[next].location,
                        message: "The schema refers to itself for the same value, which would never end."
                    )
                case nil:
                    marks[next] = .open
                    stack.append((next, nodes[next].appliedInPlace))
                case .closed:
                    break
                }
            }
        }
        return types
    }
}

extension Rule {
    fileprivate var asksForMarks: Bool {
        switch self {
        case .unevaluatedItems, .unevaluatedProperties: true
        default: false
        }
    }
}
