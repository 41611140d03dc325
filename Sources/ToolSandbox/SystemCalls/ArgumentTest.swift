/// What an argument of a system call has to be.
struct ArgumentTest {
    /// Which argument, from 0.
    let index: Int
    /// Which of its bits are looked at.
    let mask: UInt32
    /// What these may be.
    let values: [UInt32]
    /// Whether the upper half, too, is looked at, and has to be 0.
    ///
    /// Of an `int` the kernel itself ignores it.
    let isWide: Bool

    /// An `int`, or flags whose meaning is in the lower half.
    static func argument(_ index: Int, mask: UInt32 = .max, in values: UInt32...) -> ArgumentTest {
        ArgumentTest(index: index, mask: mask, values: values, isWide: false)
    }

    /// An `int`, from a list.
    static func argument(_ index: Int, in values: [UInt32]) -> ArgumentTest {
        ArgumentTest(index: index, mask: .max, values: values, isWide: false)
    }

    /// Flags, none of which may be set.
    static func argument(_ index: Int, without flags: UInt32) -> ArgumentTest {
        ArgumentTest(index: index, mask: flags, values: [0], isWide: false)
    }

    /// A pointer that has to be null.
    static func null(_ index: Int) -> ArgumentTest {
        ArgumentTest(index: index, mask: .max, values: [0], isWide: true)
    }
}

/// What becomes of a system call.
enum SystemCallRule {
    case allow
    /// Fails with this error number.
    case refuse(Int32)
    /// Allowed where all tests of one of the cases hold; fails with this error number otherwise.
    case allowWhen([[ArgumentTest]], otherwise: Int32)
}
