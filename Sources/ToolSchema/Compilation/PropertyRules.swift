/// The compiled keywords `properties`, `patternProperties` and `additionalProperties`.
struct PropertyRules: Sendable {
    var named: NameTable<Int>
    var patterns: [(pattern: Pattern, node: Int)]
    var additional: Int?
}
