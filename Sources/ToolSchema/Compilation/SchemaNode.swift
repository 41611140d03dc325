import ToolJSON

/// One schema or subschema, as the evaluator runs it.
///
/// Nodes refer to each other by their place in ``SchemaProgram/nodes``, so that a schema may refer to itself.
struct SchemaNode: Sendable {
    /// The rules in the order of evaluation, the type first and `unevaluated…` last.
    var rules: [Rule] = []

    /// The schema resource of the node, by which `$dynamicRef` and `$recursiveRef` are resolved.
    var resource: Int

    /// The place in the schema: a JSON pointer, after the URI of the document if that is not the author's own.
    var location: String

    /// The author's description, if there is one.
    var description: String?

    /// True if a rule depends on the members or elements that other rules have evaluated.
    var asksForMarks = false
}

/// A schema made ready for evaluation.
final class SchemaProgram: Sendable {
    let nodes: [SchemaNode]
    let root: Int

    /// For each node, the types that a value may have to satisfy it.
    let types: [TypeSet]

    /// For each resource, the nodes of its dynamic anchors by name, "" for `$recursiveAnchor`; empty if nothing refers
    /// to one.
    let dynamicAnchors: [Int: [String: Int]]

    /// The rules for the members of the whole value, from all nodes that apply to it.
    let rootProperties: [PropertyRules]

    init(nodes: [SchemaNode], root: Int, types: [TypeSet], dynamicAnchors: [Int: [String: Int]]) {
        self.nodes = nodes
        self.root = root
        self.types = types
        self.dynamicAnchors = dynamicAnchors
        rootProperties = Self.appliedInPlace(at: root, of: nodes).flatMap { nodes[$0].propertyRules }
    }
}

/// A keyword with its meaning, or several keywords that only mean something together.
enum Rule: Sendable {
    /// The schema `false`.
    case never

    case type(TypeSet)
    case const(JSON)
    case enumeration(ValueSet)

    case minimum(JSONNumber)
    case exclusiveMinimum(JSONNumber)
    case maximum(JSONNumber)
    case exclusiveMaximum(JSONNumber)
    case multipleOf(JSONNumber)

    case minLength(Int)
    case maxLength(Int)
    case pattern(source: String, Pattern)
    case format(name: String, Format)

    case minItems(Int)
    case maxItems(Int)
    case uniqueItems
    case items(prefix: [Int], rest: Int?)
    /// `marks` is false where the draft does not let `unevaluatedItems` see the elements that match.
    case contains(Int, atLeast: Int, atMost: Int?, marks: Bool)

    case minProperties(Int)
    case maxProperties(Int)
    /// Names, each once.
    case required([String])
    /// `keyword` is `dependencies` where the schema has that.
    case dependentRequired(NameTable<[String]>, keyword: String)
    case properties(PropertyRules)
    case propertyNames(Int)
    case dependentSchemas(NameTable<Int>)

    case reference(Int)
    /// `$dynamicRef` or `$recursiveRef`: the node it leads to by itself.
    ///
    /// The outermost schema resource of the evaluation that defines the same anchor takes the node's place.
    case dynamicReference(Int, anchor: String)
    case allOf([Int])
    case anyOf([Int])
    case oneOf([Int])
    case not(Int)
    case conditional(condition: Int, then: Int?, otherwise: Int?)

    case unevaluatedItems(Int)
    case unevaluatedProperties(Int)
}

/// `properties`, `patternProperties` and `additionalProperties` together.
struct PropertyRules: Sendable {
    var named: NameTable<Int>
    var patterns: [(pattern: Pattern, node: Int)]
    var additional: Int?
}
