import ToolJSON

/// The reason why a check ended before it had an answer.
///
/// A value that could not be checked is never accepted, not even by `not`.
enum CheckError: Error {
    /// The budget is used up, or the check was cancelled.
    case exhausted
    /// The report holds as many violations as were asked for.
    case reportIsFull
    /// Something in the value cannot be checked at all, for this reason: a phrase without a full stop.
    case failed(String)
}

/// The work that one check may do: checking a value, coercing it and explaining what is wrong with it.
///
/// A step is about 25 nanoseconds, so that the default takes about a tenth of a second. Steps are counted rather than
/// timed, because an answer must not depend on how busy the machine is. The one exception is the search of a pattern;
/// see ``SearchBudget``.
package struct WorkBudget: Sendable {
    /// The default number of steps of a check.
    package static let checkSteps = 4_000_000

    /// The steps that compiling a schema may take.
    static let compilationSteps = 20_000_000

    /// The steps after which cancellation is looked at again.
    private static let stepsPerLook = 4096

    /// The default number of bytes for converted values and for notes on them.
    package static let checkBytes = 64 << 20

    /// The bytes that are left for converted values and for notes on what was converted.
    private(set) var bytesLeft: Int

    /// The steps that are left; less than 0 once the budget is used up.
    package private(set) var stepsLeft: Int

    private var nextLook: Int
    private let isCancelled: (@Sendable () -> Bool)?

    /// A budget.
    ///
    /// - Parameters:
    ///   - steps: The number of steps.
    ///   - bytes: The bytes of memory for converted values and notes.
    ///   - isCancelled: Called now and then; the budget is used up once it returns true.
    package init(
        steps: Int = Self.checkSteps,
        bytes: Int = Self.checkBytes,
        isCancelled: (@Sendable () -> Bool)? = nil
    ) {
        stepsLeft = steps
        bytesLeft = bytes
        nextLook = isCancelled == nil ? 0 : steps
        self.isCancelled = isCancelled
    }

    /// Takes steps away.
    @inline(__always)
    mutating func spend(_ steps: Int = 1) throws(CheckError) {
        stepsLeft -= steps
        if stepsLeft < nextLook { try look() }
    }

    /// Takes bytes of memory away.
    mutating func spend(bytes: Int) throws(CheckError) {
        bytesLeft -= bytes
        guard bytesLeft >= 0 else {
            (stepsLeft, nextLook) = (-1, 0)
            throw .exhausted
        }
    }

    /// Takes away the steps that reading a value takes, for hashing it or comparing it.
    mutating func spend(reading value: JSON) throws(CheckError) {
        switch value {
        case .null, .bool: try spend(1)
        case .number(let number): try spend(1 + number.weight / 4)
        case .string(let text): try spend(1 + text.utf8.count / 32)
        case .array(let elements):
            try spend(1)
            for element in elements { try spend(reading: element) }
        case .object(let members):
            try spend(1)
            for member in members {
                try spend(2 + member.key.utf8.count / 32)
                try spend(reading: member.value)
            }
        }
    }

    @inline(never)
    private mutating func look() throws(CheckError) {
        if stepsLeft >= 0, isCancelled?() == true { stepsLeft = -1 }
        guard stepsLeft >= 0 else {
            // Once it is used up it stays so.
            nextLook = 0
            throw .exhausted
        }
        nextLook = max(0, stepsLeft - Self.stepsPerLook)
    }
}

extension WorkBudget {
    /// True if two values are equal; the work is that of reading the smaller one.
    mutating func areEqual(_ left: JSON, _ right: JSON) throws(CheckError) -> Bool {
        switch (left, right) {
        case (.array(let left), .array(let right)):
            try spend(1)
            guard left.count == right.count else { return false }
            for position in left.indices where !(try areEqual(left[position], right[position])) { return false }
            return true
        case (.object(let left), .object(let right)):
            try spend(1)
            guard left.count == right.count else { return false }
            for (position, member) in left.enumerated() {
                try spend(2 + member.key.utf8.count / 32)
                guard let other = right.value(of: member.key, near: position), try areEqual(member.value, other) else {
                    return false
                }
            }
            return true
        case (.string(let left), .string(let right)):
            guard left.utf8.count == right.utf8.count else {
                try spend(1)
                return false
            }
            try spend(1 + left.utf8.count / 32)
            return left.hasSameBytes(as: right)
        case (.number(let left), .number(let right)):
            try spend(1 + (left.weight + right.weight) / 4)
            return left == right
        default:
            try spend(1)
            return left == right
        }
    }
}
