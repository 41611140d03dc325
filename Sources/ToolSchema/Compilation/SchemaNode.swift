import ToolJSON

/// One schema or subschema, as the evaluator runs it.
///
/// Nodes refer to each other by their place in ``SchemaProgram/nodes``, so that a schema may refer to itself.
struct SchemaNode: Sendable {
    /// What is to be checked, the type first and `unevaluated…` last.
    var rules: [Rule] = []

    /// The schema resource it belongs to, which `$dynamicRef` asks for.
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

    /// For each resource, where its `$dynamicAnchor`s lead; empty unless something refers to one.
    let dynamicAnchors: [Int: [String: Int]]

    init(nodes: [SchemaNode], root: Int, types: [TypeSet], dynamicAnchors: [Int: [String: Int]]) {
        self.nodes = nodes
        self.root = root
        self.types = types
        self.dynamicAnchors = dynamicAnchors
    }
}

/// A keyword with its meaning, or several keywords that only mean something together.
enum Rule: Sendable {
    /// The schema `false`.
    case never

    case type(TypeSet)
    case const(JSON)
    case enumeration([JSON])

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
    case contains(Int, atLeast: Int, atMost: Int?)

    case minProperties(Int)
    case maxProperties(Int)
    case required([String])
    case dependentRequired([(name: String, names: [String])])
    case properties(PropertyRules)
    case propertyNames(Int)
    case dependentSchemas([(name: String, node: Int)])

    case reference(Int)
    /// `$dynamicRef`: the node where it leads unless a resource on the way here has such an anchor of its own.
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
    var named: NameTable
    var patterns: [(pattern: Pattern, node: Int)]
    var additional: Int?
}

/// Nodes by name.
struct NameTable: Sendable {
    let names: [String]
    let nodes: [Int]
    private let index: [ExactKey: Int]

    /// Scanning a few names is faster than hashing one.
    private static let scanned = 8

    init(_ entries: [(name: String, node: Int)]) {
        names = entries.map(\.name)
        nodes = entries.map(\.node)
        index =
            entries.count <= Self.scanned
            ? [:]
            : Dictionary(entries.map { (ExactKey($0.name), $0.node) }, uniquingKeysWith: { $1 })
    }

    subscript(name: String) -> Int? {
        if names.count > Self.scanned { return index[ExactKey(name)] }
        for position in names.indices where names[position].hasSameBytes(as: name) { return nodes[position] }
        return nil
    }
}
