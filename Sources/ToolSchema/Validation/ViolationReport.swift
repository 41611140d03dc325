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

        /// About the bytes of the token.
        var bytes: Int {
            if case .key(let key) = self { 1 + key.utf8.count } else { 4 }
        }

        static func bytes(of steps: [Step]) -> Int { steps.reduce(0) { $0 + $1.bytes } }
    }

    private(set) var violations: [Violation] = []
    var steps: [Step] = []
    /// The names that were prepared for questions, by the place of the rule that allows them.
    var nearNames: [String: NearNames] = [:]
    private let limit: Int

    init(limit: Int) {
        self.limit = max(limit, 1)
    }

    /// True if no more violations are taken.
    var isFull: Bool { violations.count >= limit }

    mutating func add(_ violation: Violation) {
        // Two branches of one schema may find the same fault.
        let isKnown = violations.contains {
            $0.path.hasSameBytes(as: violation.path) && $0.expected == violation.expected
        }
        if !isFull, !isKnown { violations.append(violation) }
    }

    /// Notes that the value could not be checked.
    mutating func addFault(_ reason: String) {
        if isFull { violations.removeLast() }
        violations.append(.unchecked(at: pointer(), reason))
    }

    /// The place of the evaluator, or one step further.
    func pointer(to step: Step? = nil) -> String {
        (step.map { steps + [$0] } ?? steps).map(\.token).joined()
    }

    /// The bytes that a pointer to one step further takes.
    func pointerBytes(to step: Step? = nil) -> Int {
        Step.bytes(of: steps) + (step?.bytes ?? 0)
    }
}

extension Violation {
    /// The violation that stands for a value that could not be checked.
    static func unchecked(at path: String, _ reason: String) -> Violation {
        Violation(path: path, keyword: "", schemaPath: "", sent: nil, expected: reason, nearest: nil)
    }
}
