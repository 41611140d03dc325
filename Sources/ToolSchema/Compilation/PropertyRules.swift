/// The compiled keywords `properties`, `patternProperties` and `additionalProperties`.
///
/// A class, because a copy of a rule then counts one reference instead of several.
final class PropertyRules: Sendable {
    let named: NameTable<Int>
    let patterns: [(pattern: Pattern, node: Int)]
    let additional: Int?

    init(named: NameTable<Int>, patterns: [(pattern: Pattern, node: Int)], additional: Int?) {
        (self.named, self.patterns, self.additional) = (named, patterns, additional)
    }
}
