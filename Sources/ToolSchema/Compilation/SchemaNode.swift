import ToolJSON

/// One schema or subschema, as the evaluator runs it.
///
/// Nodes refer to each other by their place in ``SchemaProgram/nodes``, so that a schema may refer to itself.
struct SchemaNode: Sendable {
    /// What is to be checked, the type first and `unevaluated…` last.
    var rules: [Rule] = []

    /// The schema resource it belongs to, which `$dynamicRef` and `$recursiveRef` ask for.
    var resource: Int

    /// Where it stands in the schema: a JSON pointer, after the URI of its document where that is another one.
    var location: String

    /// The author's words for it, if there are any.
    var description: String?

    /// Whether a rule asks which members or elements the others have looked at.
    var asksForMarks = false
}

/// A schema made ready for evaluation.
final class SchemaProgram: Sendable {
    let nodes: [SchemaNode]
    let root: Int

    /// For each node, the types that a value may have to satisfy it.
    let types: [TypeSet]

    /// For each resource, where its `$dynamicAnchor`s lead, and "" for `$recursiveAnchor`; empty unless something refers
    /// to one.
    let dynamicAnchors: [Int: [String: Int]]

    /// The rules of all nodes that speak of the members of the value as a whole.
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
    /// `$dynamicRef` or `$recursiveRef`: the node where it leads unless a resource on the way here has such an anchor of its own.
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
