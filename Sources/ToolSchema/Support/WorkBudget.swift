import ToolJSON

/// The budget of one check: for validation, coercion and the description of violations.
///
/// A step is about 25 nanoseconds, so the default is about 0.1 seconds. Steps are counted rather than timed, because a
/// result must not depend on the load of the machine. The only exception is the search of a pattern; see
/// ``SearchBudget``.
package struct WorkBudget: Sendable {
    /// The default number of steps of a check.
    package static let checkSteps = 4_000_000

    /// The maximum number of steps to compile a schema.
    static let compilationSteps = 20_000_000

    /// The number of steps between two cancellation checks.
    private static let stepsPerCancellationCheck = 4096

    /// The default number of bytes for converted values and their coercions.
    package static let checkBytes = 64 << 20

    /// The number of bytes left for converted values and their coercions.
    private(set) var bytesLeft: Int

    /// The number of steps left.
    ///
    /// It is negative once the budget is exhausted.
    package private(set) var stepsLeft: Int

    private var nextCancellationCheck: Int
    private let isCancelled: (@Sendable () -> Bool)?

    /// Creates a budget.
    ///
    /// - Parameters:
    ///   - steps: The number of steps, of about 25 nanoseconds each.
    ///   - bytes: The number of bytes of memory for converted values and their coercions.
    ///   - isCancelled: A closure that is called periodically on the checking thread. The budget is exhausted once it
    ///     returns true.
    package init(
        steps: Int = Self.checkSteps,
        bytes: Int = Self.checkBytes,
        isCancelled: (@Sendable () -> Bool)? = nil
    ) {
        stepsLeft = steps
        bytesLeft = bytes
        nextCancellationCheck = isCancelled == nil ? 0 : steps
        self.isCancelled = isCancelled
    }

    /// Spends steps.
    @inline(__always)
    mutating func spend(_ steps: Int = 1) throws(CheckError) {
        stepsLeft -= steps
        if stepsLeft < nextCancellationCheck { try checkCancellation() }
    }

    /// Spends bytes of memory.
    mutating func spend(bytes: Int) throws(CheckError) {
        bytesLeft -= bytes
        guard bytesLeft >= 0 else {
            (stepsLeft, nextCancellationCheck) = (-1, 0)
            throw .exhausted
        }
    }

    /// Spends the steps of reading a value in order to hash or compare it.
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
    private mutating func checkCancellation() throws(CheckError) {
        if stepsLeft >= 0, isCancelled?() == true { stepsLeft = -1 }
        guard stepsLeft >= 0 else {
            // An exhausted budget stays exhausted.
            nextCancellationCheck = 0
            throw .exhausted
        }
        nextCancellationCheck = max(0, stepsLeft - Self.stepsPerCancellationCheck)
    }
}

extension WorkBudget {
    /// Returns true if two values are equal.
    ///
    /// The cost is that of reading the smaller one.
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
