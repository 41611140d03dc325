/// A type that constraints can be applied to.
public protocol ConstrainedValue {
    /// The value of a property without an initial value until one is set.
    ///
    /// Swift treats a property whose wrapper has arguments as initialized.
    static var initialValue: Self { get }
}
