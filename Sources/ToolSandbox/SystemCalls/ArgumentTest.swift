/// A test of one argument of a system call.
struct ArgumentTest {
    /// The halves of a 64-bit argument.
    ///
    /// The kernel ignores the upper half of an `int`.
    enum Half { case lower, upper }

    /// The index of the argument, from 0.
    let index: Int
    var half = Half.lower
    /// The bits to compare.
    let mask: UInt32
    /// The accepted values of these bits.
    let values: [UInt32]
    /// True if the other half must be 0.
    var isAlone = false

    /// Creates a test of an `int`, or of flags in the lower half.
    static func argument(_ index: Int, mask: UInt32 = .max, in values: UInt32...) -> ArgumentTest {
        ArgumentTest(index: index, mask: mask, values: values)
    }

    /// Creates a test of an `int` against a list of values.
    static func argument(_ index: Int, in values: [UInt32]) -> ArgumentTest {
        ArgumentTest(index: index, mask: .max, values: values)
    }

    /// Creates a test that none of the flags is set.
    static func argument(_ index: Int, without flags: UInt32) -> ArgumentTest {
        ArgumentTest(index: index, mask: flags, values: [0])
    }

    /// Creates a test that a pointer is null.
    static func null(_ index: Int) -> ArgumentTest {
        ArgumentTest(index: index, mask: .max, values: [0], isAlone: true)
    }

    /// Creates the tests that an argument is one address.
    static func address(_ index: Int, _ address: UInt64) -> [ArgumentTest] {
        [
            .argument(index, in: UInt32(truncatingIfNeeded: address)),
            .upperHalf(index, in: UInt32(truncatingIfNeeded: address >> 32)),
        ]
    }

    /// Creates a test of the upper half of an address.
    static func upperHalf(_ index: Int, in value: UInt32) -> ArgumentTest {
        ArgumentTest(index: index, half: .upper, mask: .max, values: [value])
    }
}
