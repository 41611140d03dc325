/// The ranges of the numbers that servers send.
///
/// A number outside of its range says nothing, like one that is missing.
package enum ServerRange {
    /// The tokens of a prompt or of an answer.
    package static let tokens = 0...Int(Int32.max)
    /// The tokens that a model can read at once.
    package static let contextLength = 1...Int(Int32.max)
    /// The bytes of a model: at most what every JSON parser keeps exact.
    static let bytes = 0...1 << 53
    /// The nanoseconds of a request: at most 104 days.
    static let nanoseconds = 0...1 << 53
    /// The status of a response.
    static let status = 100...999
}
