/// Why a text is not JSON, or not JSON that this parser takes.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, a phrase without a full stop.
    public let message: String

    /// Where, in bytes from the start of the text.
    public let offset: Int

    public var description: String { "\(message) at byte \(offset)" }
}
