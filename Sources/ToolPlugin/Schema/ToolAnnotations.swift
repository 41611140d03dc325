/// What a tool says of the effects it has.
public struct ToolAnnotations: OptionSet, Sendable, Hashable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// It changes nothing.
    public static let readOnly = ToolAnnotations(rawValue: 1)
    /// It may destroy something.
    public static let destructive = ToolAnnotations(rawValue: 2)
    /// Doing it twice is the same as doing it once.
    public static let idempotent = ToolAnnotations(rawValue: 4)
}
