/// The effects of a tool, as its author declares them.
public struct ToolAnnotations: OptionSet, Sendable, Hashable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// A call changes nothing.
    public static let readOnly = ToolAnnotations(rawValue: 1)
    /// A call may destroy something.
    public static let destructive = ToolAnnotations(rawValue: 2)
    /// A repeated call with the same arguments has no further effect.
    public static let idempotent = ToolAnnotations(rawValue: 4)
}
