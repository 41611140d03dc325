import ToolJSON

/// The violations of a value while they are being found, and where in the value the evaluator is.
struct ViolationReport {
    /// One step from a value to something inside it.
    enum Step {
        case key(String)
        case index(Int)

        /// The step as a JSON pointer has it.
        var token: String {
            switch self {
            case .key(let key): "/" + JSONPointer.escaped(key)
            case .index(let index): "/\(index)"
            }
        }
    }

    private(set) var violations: [Violation] = []
    var steps: [Step] = []
    private let limit: Int

    init(limit: Int) {
        self.limit = max(limit, 1)
    }

    mutating func add(_ violation: Violation) {
        // Two branches of one schema may find the same fault.
        let isKnown = violations.contains {
            $0.path.hasSameBytes(as: violation.path) && $0.expected == violation.expected
        }
        if violations.count < limit, !isKnown { violations.append(violation) }
    }

    /// Notes that the value could not be checked.
    mutating func add(_ fault: Evaluator.Fault) {
        let violation = Violation(
            path: fault.path,
            keyword: "",
            schemaPath: "",
            sent: nil,
            expected: fault.reason,
            nearest: nil
        )
        if violations.count == limit { violations.removeLast() }
        violations.append(violation)
    }

    /// Where the evaluator is, or one step further.
    func pointer(to step: Step? = nil) -> String {
        (step.map { steps + [$0] } ?? steps).map(\.token).joined()
    }
}
