import ToolJSON

/// The calls that a prompt asks for, some of which need the results of others.
struct Plan {
    /// The maximum number of calls.
    static let maximumSteps = 16

    /// The source of an argument.
    enum Argument: Equatable {
        case value(JSON)
        /// The number that is the result of an earlier step.
        case result(of: Int)
        indirect case list([Argument])

        /// Returns the value of the argument, or nil if the result of a step is missing.
        func resolved(_ results: [Int: JSON]) -> JSON? {
            switch self {
            case .value(let value): return value
            case .result(let step): return results[step]
            case .list(let arguments):
                let values = arguments.compactMap { $0.resolved(results) }
                return values.count == arguments.count ? .array(values) : nil
            }
        }

        var isDerived: Bool {
            switch self {
            case .value: false
            case .result: true
            case .list(let arguments): arguments.contains(where: \.isDerived)
            }
        }
    }

    struct Step: Equatable {
        var tool: String
        var arguments: [(name: String, value: Argument)]

        static func == (left: Step, right: Step) -> Bool {
            left.tool == right.tool && left.arguments.elementsEqual(right.arguments, by: ==)
        }

        /// Returns the call, or nil if a result that it needs is missing.
        func call(_ results: [Int: JSON]) -> ToolCall? {
            var object = JSONObject()
            for (name, argument) in arguments {
                guard let value = argument.resolved(results) else { return nil }
                object[name] = value
            }
            return ToolCall(name: tool, arguments: object)
        }
    }

    var steps: [Step] = []

    /// The reasons for the choice of tools, for a client that asks for thinking.
    var reasons: [String] = []

    /// A sentence for each argument that could not be filled.
    var gaps: [String] = []

    mutating func add(_ step: Step) {
        if steps.count < Self.maximumSteps, !steps.contains(step) { steps.append(step) }
    }
}

// MARK: - Progress

extension Plan {
    /// The next step after some calls have results.
    enum Progress: Equatable {
        case call([ToolCall])
        /// All calls are made.
        ///
        /// The number is the result of the last step, if that step used other results.
        case finished(JSON?)
    }

    /// Returns the next step after the rounds that have results.
    ///
    /// No state is stored between requests: the history contains all results.
    func progress(answers: [AnsweredCall]) -> Progress {
        var results: [Int: JSON] = [:]
        var asked = Set<Int>()
        var answers = answers[...]
        while true {
            let ready = steps.indices.filter { !asked.contains($0) }.compactMap { index in
                steps[index].call(results).map { (index, $0) }
            }
            if ready.isEmpty {
                let last = steps.indices.last
                let isDerived = last.map { steps[$0].arguments.contains(where: \.value.isDerived) } ?? false
                return .finished(isDerived ? last.flatMap { results[$0] } : nil)
            }
            if answers.isEmpty { return .call(ready.map(\.1)) }
            // The history does not match this plan: it is of another model, or a round is incomplete.
            guard answers.count >= ready.count, zip(ready, answers).allSatisfy({ $0.1.name == $1.call.name }) else {
                return .finished(nil)
            }
            for ((index, _), answer) in zip(ready, answers) {
                asked.insert(index)
                results[index] = answer.number
            }
            answers = answers.dropFirst(ready.count)
        }
    }
}
