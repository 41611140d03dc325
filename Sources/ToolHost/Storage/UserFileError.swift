/// An error about a file of the user, in words that follow the path of the file.
struct UserFileError: Error, Sendable {
    let code: ToolHostError.Code
    /// The words that follow the path, as in "FILE is not a regular file".
    let sentence: String
    /// The error that caused this one, if there is one.
    let underlyingError: (any Error)?

    init(_ code: ToolHostError.Code, _ sentence: String, underlyingError: (any Error)? = nil) {
        self.code = code
        self.sentence = sentence
        self.underlyingError = underlyingError
    }

    /// An error about the content of a file.
    init(_ sentence: String, underlyingError: (any Error)? = nil) {
        self.init(.invalidConfiguration, sentence, underlyingError: underlyingError)
    }
}
