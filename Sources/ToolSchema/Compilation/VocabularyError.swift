/// The error for an unknown vocabulary that is required.
struct VocabularyError: Error {
    let uri: String
}
