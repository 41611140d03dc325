/// The rules by which the keywords of a schema are read.
struct Dialect: Sendable {
    let draft: Draft
    var vocabulary: Vocabulary = .standard
}
