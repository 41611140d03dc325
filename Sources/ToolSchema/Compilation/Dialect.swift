/// The rules for the keywords of a schema: its draft and vocabulary.
struct Dialect: Sendable {
    let draft: Draft
    var vocabulary: Vocabulary = .standard
}
