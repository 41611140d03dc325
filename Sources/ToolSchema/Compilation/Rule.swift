import ToolJSON

/// A compiled keyword, or several keywords that depend on each other.
///
/// Rules are copied often, so rare ones with large payloads are indirect and tables are classes.
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
    /// `marks` is true if matching elements count as evaluated for `unevaluatedItems`, which depends on the draft.
    indirect case contains(Int, atLeast: Int, atMost: Int?, marks: Bool)

    case minProperties(Int)
    case maxProperties(Int)
    /// The unique names of required members.
    case required([String])
    /// `keyword` is `dependentRequired` or `dependencies`, as in the schema.
    indirect case dependentRequired(NameTable<[String]>, keyword: String)
    case properties(PropertyRules)
    case propertyNames(Int)
    indirect case dependentSchemas(NameTable<Int>)

    case reference(Int)
    /// `$dynamicRef` or `$recursiveRef` with its initial target.
    ///
    /// If the evaluation passed through schema resources that define the same anchor, the outermost one replaces the
    /// target.
    case dynamicReference(Int, anchor: String)
    case allOf([Int])
    case anyOf([Int])
    case oneOf([Int])
    case not(Int)
    indirect case conditional(condition: Int, then: Int?, otherwise: Int?)

    case unevaluatedItems(Int)
    case unevaluatedProperties(Int)
}
