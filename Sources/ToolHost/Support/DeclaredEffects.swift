/// The effects of a tool, as its author declares them.
///
/// The host trusts them only to be stricter.
public struct DeclaredEffects: Sendable, Hashable {
    /// A Boolean value that indicates whether the tool changes nothing.
    public var readOnly: Bool
    /// A Boolean value that indicates whether the tool may destroy data.
    public var destructive: Bool
    /// A Boolean value that indicates whether a repeated call has no further effect.
    public var idempotent: Bool

    /// Creates a declaration; by default a tool declares no effects.
    public init(readOnly: Bool = false, destructive: Bool = false, idempotent: Bool = false) {
        self.readOnly = readOnly
        self.destructive = destructive
        self.idempotent = idempotent
    }
}
