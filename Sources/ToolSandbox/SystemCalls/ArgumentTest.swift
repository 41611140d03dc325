/// A test of one argument of a system call.
struct ArgumentTest {
    /// A half of a 64-bit argument; the kernel ignores the upper one of an `int`.
    enum Half { case lower, upper }

    /// The index of the argument, from 0.
    let index: Int
    var half = Half.lower
    /// The bits that are compared.
    let mask: UInt32
    /// The values that these bits may have.
    let values: [UInt32]
    /// True if the other half must be 0.
    var isAlone = false

    /// An `int`, or flags whose meaning is in the lower half.
    static func argument(_ index: Int, mask: UInt32 = .max, in values: UInt32...) -> ArgumentTest {
        ArgumentTest(index: index, mask: mask, values: values)
    }

    /// An `int`, from a list.
    static func argument(_ index: Int, in values: [UInt32]) -> ArgumentTest {
        ArgumentTest(index: index, mask: .max, values: values)
    }

    /// Flags, none of which may be set.
    static func argument(_ index: Int, without flags: UInt32) -> ArgumentTest {
        ArgumentTest(index: index, mask: flags, values: [0])
    }

    /// A pointer that has to be null.
    static func null(_ index: Int) -> ArgumentTest {
        ArgumentTest(index: index, mask: .max, values: [0], isAlone: true)
    }

    /// The upper half of an address.
    static func upperHalf(_ index: Int, in value: UInt32) -> ArgumentTest {
        ArgumentTest(index: index, half: .upper, mask: .max, values: [value])
    }
}

/// The filter's decision on a system call.
enum SystemCallRule {
    case allow
    /// Fails with this error number; 0 makes it return 0 and do nothing.
    case refuse(Int32)
    /// Fails with this error number where all tests of one of the cases hold; allowed otherwise.
    case refuseWhen([[ArgumentTest]], Int32)
    /// Waits for a supervisor's decision where all tests of one of the cases hold; allowed otherwise.
    case ask([[ArgumentTest]])
    /// Allowed where all tests of one of the cases hold; fails with this error number otherwise.
    case allowWhen([[ArgumentTest]], otherwise: Int32)
}
