/// A number, or an optional number.
public protocol NumberValue: ConstrainedValue {}

extension NumberValue where Self: AdditiveArithmetic {
    /// Zero.
    public static var initialValue: Self { .zero }
}

extension Int: NumberValue {}
extension Int8: NumberValue {}
extension Int16: NumberValue {}
extension Int32: NumberValue {}
extension Int64: NumberValue {}
extension UInt: NumberValue {}
extension UInt8: NumberValue {}
extension UInt16: NumberValue {}
extension UInt32: NumberValue {}
extension UInt64: NumberValue {}
extension Double: NumberValue {}
extension Float: NumberValue {}
extension Optional: NumberValue where Wrapped: NumberValue {}
