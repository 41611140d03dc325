/// An optional value, in any number of wrappers.
///
/// Its ``ConstrainedValue/initialValue`` is nil.
public protocol OptionalValue: ConstrainedValue {
    /// A Boolean value that indicates whether the value is nil.
    var isNil: Bool { get }
}

extension Optional: OptionalValue {
    public static var initialValue: Wrapped? { nil }
    public var isNil: Bool { self == nil }
}
