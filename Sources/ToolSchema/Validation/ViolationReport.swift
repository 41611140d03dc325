import ToolJSON

/// The violations found so far, and the evaluator's current place in the value.
struct ViolationReport {
    /// A step from a value to a member or element.
    enum Step {
        case key(String)
        case index(Int)

        /// The step as a reference token of a JSON pointer.
        var token: String {
            switch self {
            case .key(let key): "/" + JSONPointer.escaped(key)
            case .index(let index): "/\(index)"
            }
        }

        /// The approximate length of the token, in bytes.
        var bytes: Int {
            if case .key(let key) = self { 1 + key.utf8.count } else { 4 }
        }

        static func bytes(of steps: [Step]) -> Int { steps.reduce(0) { $0 + $1.bytes } }
    }

    private(set) var violations: [Violation] = []
    var steps: [Step] = []
    /// The indexed names for suggestions, by the place of the rule that allows them.
    var nearNames: [String: NearNames] = [:]
    private let limit: Int

    init(limit: Int) {
        self.limit = max(limit, 1)
    }

    /// True if the report contains the maximum number of violations.
    var isFull: Bool { violations.count >= limit }

    mutating func add(_ violation: Violation) {
        // Two branches of a schema can report the same violation.
        let isKnown = violations.contains {
            $0.path.hasSameBytes(as: violation.path) && $0.expected == violation.expected
        }
        if !isFull, !isKnown { violations.append(violation) }
    }

    /// Adds the violation for a value that could not be checked.
    mutating func addUnchecked(_ reason: String) {
        if isFull { violations.removeLast() }
        violations.append(.unchecked(at: pointer(), reason))
    }

    /// Returns the JSON pointer to the current place, or to one step further.
    func pointer(to step: Step? = nil) -> String {
        (step.map { steps + [$0] } ?? steps).map(\.token).joined()
    }

    /// Returns the approximate length of that pointer, in bytes.
    func pointerBytes(to step: Step? = nil) -> Int {
        Step.bytes(of: steps) + (step?.bytes ?? 0)
    }
}

extension Violation {
    /// Creates the violation for a value that could not be checked.
    static func unchecked(at path: String, _ reason: String) -> Violation {
        Violation(path: path, keyword: "", schemaPath: "", sent: nil, expected: reason, nearest: nil)
    }
}
