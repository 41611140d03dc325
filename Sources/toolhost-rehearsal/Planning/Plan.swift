import ToolJSON

/// The calls that a prompt asks for, some of which wait for the result of others.
struct Plan {
    /// The limits of a plan.
    static let maximumSteps = 16

    /// The source of an argument.
    enum Argument: Equatable {
        case value(JSON)
        /// The number that an earlier step gives.
        case result(of: Int)
        indirect case list([Argument])

        /// The argument once every step in `results` is answered; `nil` while one is not.
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

        /// The call, once the results it needs are there.
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

    /// One sentence for each argument that could not be filled.
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
        /// Nothing is left to call. The number is the last step's, if that step built on others.
        case finished(JSON?)
    }

    /// Plays the rounds that were answered and gives the next one.
    ///
    /// Nothing is remembered between requests: the history says all.
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
            // Another history than this plan's: someone else's turn, or a round cut short.
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
