public import ToolJSON

/// The result of coercing a value to a schema.
public struct Fitting: Sendable, Hashable {
    /// The coerced value.
    public let value: JSON

    /// The coercions that produced the value, in order.
    public let coercions: [Coercion]

    /// The violations that remain.
    ///
    /// Empty if and only if ``value`` satisfies the schema.
    public let violations: [Violation]

    /// The names of the value's members that the schema does not declare.
    ///
    /// Empty if the value has violations.
    package let undeclaredNames: [String]

    /// False if the budget was exhausted or the check was cancelled.
    ///
    /// The violations are then incomplete.
    package let isComplete: Bool

    /// Creates the result for a value with violations.
    init(_ value: JSON, _ coercions: [Coercion], _ violations: [Violation], isComplete: Bool) {
        self.value = value
        self.coercions = coercions
        self.violations = violations
        self.isComplete = isComplete
        undeclaredNames = []
    }

    /// Creates the result of coercing a value that was already changed once.
    init(_ other: Fitting, after change: Coercion) {
        value = other.value
        coercions = [change] + other.coercions
        violations = other.violations
        undeclaredNames = other.undeclaredNames
        isComplete = other.isComplete
    }

    /// Creates the result for a value without violations.
    init(_ value: JSON, _ coercions: [Coercion], _ evaluator: inout Evaluator) throws(CheckError) {
        self.value = value
        self.coercions = coercions
        violations = []
        isComplete = true
        if case .object(let members) = value, !evaluator.program.declaresAllMembers {
            undeclaredNames = try evaluator.undeclaredNames(in: members)
        } else {
            undeclaredNames = []
        }
    }
}

extension Evaluator {
    /// Returns the names of an object's members that no keyword declares.
    fileprivate mutating func undeclaredNames(in object: JSONObject) throws(CheckError) -> [String] {
        try program.undeclaredNames(of: object.lazy.map(\.key), by: program.rootProperties, spending: &budget)
    }
}
