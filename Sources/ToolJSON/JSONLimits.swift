/// The largest JSON text that the parser accepts.
public struct JSONLimits: Sendable, Hashable {
    /// The deepest nesting of arrays and objects.
    public var depth: Int

    /// The longest text, in bytes.
    public var bytes: Int

    /// The greatest number of values, which bounds the memory that they take: about 200 bytes each at most, besides
    /// their strings.
    public var values: Int

    /// Creates limits; the defaults are a depth of 128, 64 MiB and 1,048,576 values.
    public init(depth: Int = 128, bytes: Int = 64 << 20, values: Int = 1 << 20) {
        self.depth = depth
        self.bytes = bytes
        self.values = values
    }
}
