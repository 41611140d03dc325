/// An array, a set or a dictionary, or an optional one.
public protocol CollectionValue: ConstrainedValue {}

extension Array: CollectionValue {
    public static var initialValue: [Element] { [] }
}

extension Set: CollectionValue {
    public static var initialValue: Set<Element> { [] }
}

extension Dictionary: CollectionValue {
    public static var initialValue: [Key: Value] { [:] }
}

extension Optional: CollectionValue where Wrapped: CollectionValue {}
