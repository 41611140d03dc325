/// The limits on a JSON text that the parser accepts.
public struct JSONLimits: Sendable, Hashable {
    /// The maximum nesting of arrays and objects.
    public var depth: Int

    /// The maximum length of the text, in bytes.
    public var bytes: Int

    /// The maximum number of values.
    ///
    /// It bounds memory: a value takes at most about 200 bytes besides its strings.
    public var values: Int

    /// Creates limits.
    ///
    /// - Parameters:
    ///   - depth: The maximum nesting of arrays and objects, 128 by default.
    ///   - bytes: The maximum length of the text in bytes, 64 MiB by default.
    ///   - values: The maximum number of values, 1,048,576 by default.
    public init(depth: Int = 128, bytes: Int = 64 << 20, values: Int = 1 << 20) {
        self.depth = depth
        self.bytes = bytes
        self.values = values
    }
}
