/// The ranges of the numbers that servers send.
///
/// A number outside its range is treated as missing.
package enum ServerRange {
    /// The number of tokens in a prompt or an answer.
    package static let tokens = 0...Int(Int32.max)
    /// The size of a context window in tokens.
    package static let contextLength = 1...Int(Int32.max)
    /// The size of a model in bytes, up to the largest number that every JSON parser reads exactly.
    static let bytes = 0...1 << 53
    /// The duration of a request in nanoseconds, up to 104 days.
    static let nanoseconds = 0...1 << 53
    /// The HTTP status of a response.
    static let status = 100...999
}
