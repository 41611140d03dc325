import ToolJSON

/// The compiler that turns a schema into nodes, one for each subschema regardless of the number of references to it.
///
/// A subschema gets its number at the first reference and its rules later, from a work list. Circular references and
/// long chains of references therefore need no recursion.
struct SchemaCompiler {
    let assertsFormats: Bool
    private var resources: SchemaResources
    private var nodes: [SchemaNode] = []
    private var numbers: [Key: Int] = [:]
    private var pending: [(number: Int, place: SchemaResources.Place)] = []

    /// The anchors of dynamic references.
    ///
    /// A `$recursiveRef` is the name "".
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
            nodes[number].coercingRules = rules.filter(\.coerces)
            nodes[number].description = place.schema["description"]?.string
            nodes[number].tracksEvaluated = rules.contains(where: \.tracksEvaluated)
        }
    }

    /// Spends steps of the compilation's budget.
    mutating func spend(_ steps: Int) throws(SchemaError) { try resources.spend(steps) }

    /// Spends the compilation's budget with a closure.
    mutating func spend(_ work: (inout WorkBudget) throws(CheckError) -> Void) throws(SchemaError) {
        try resources.spend(work)
    }

    /// Returns the number of a subschema.
    ///
    /// A new one is added to the work list.
    mutating func number(of place: SchemaResources.Place) throws(SchemaError) -> Int {
        // The pointer is stored twice, in the key and in the location.
        try spend(16 + place.pointer.utf8.count / 4)
        let key = Key(resource: place.resource, pointer: ExactKey(place.pointer))
        if let number = numbers[key] { return number }
        let number = nodes.count
        numbers[key] = number
        // Each node stores its location, which can be long.
        let outer = resources.resources[place.resource].place
        try spend(outer.utf8.count / 4)
        let location = outer + place.pointer
        nodes.append(SchemaNode(resource: place.resource, location: location))
        pending.append((number, place))
        return number
    }

    /// Returns the number of a subschema inside another one.
    mutating func number(
        of schema: JSON,
        in outer: SchemaResources.Place,
        at pointer: String
    ) throws(SchemaError) -> Int {
        try number(of: try resources.place(of: schema, in: outer, at: pointer))
    }

    /// Returns the number of the subschema to which a reference resolves.
    mutating func number(of reference: String, from place: SchemaResources.Place, _ location: String)
        throws(SchemaError) -> Int
    {
        try number(of: try resources.resolve(reference, from: place.resource, at: location))
    }

    /// Returns the initial target of a dynamic reference, and the anchor with which other resources can replace it.
    ///
    /// - Parameters:
    ///   - reference: The reference.
    ///   - anchor: The name of the anchor, which is "" for a `$recursiveRef`.
    ///   - place: The place of the reference.
    ///   - location: The location for errors.
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

    // MARK: - Types and circular references

    /// Computes the types that each node allows, from the nodes that it applies to the same value.
    ///
    /// A schema can contain itself below a property or an item, because values are finite. A schema that applies itself
    /// to the same value is rejected.
    private func types() throws(SchemaError) -> [TypeSet] {
        enum Mark { case open, closed }
        var types: [TypeSet] = Array(repeating: .all, count: nodes.count)
        var marks: [Mark?] = Array(repeating: nil, count: nodes.count)
        for start in nodes.indices where marks[start] == nil {
            // The traversal is depth-first without recursion, because a schema can be a long chain.
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
                        .circularReference,
                        at: nodes[next].location,
                        "The schema refers to itself for the same value, so validation would never end. Remove the circular reference."
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
    fileprivate var tracksEvaluated: Bool {
        switch self {
        case .unevaluatedItems, .unevaluatedProperties: true
        default: false
        }
    }

    /// True if a coercion follows the rule.
    fileprivate var coerces: Bool {
        switch self {
        case .enumeration, .properties, .items, .reference, .dynamicReference, .allOf, .anyOf, .oneOf, .conditional:
            true
        case .const(let constant): constant.array == nil && constant.object == nil
        default: false
        }
    }
}
