/// A string, or an optional string.
public protocol TextValue: ConstrainedValue {}

extension String: TextValue {
    public static var initialValue: String { "" }
}

extension Optional: TextValue where Wrapped: TextValue {}
