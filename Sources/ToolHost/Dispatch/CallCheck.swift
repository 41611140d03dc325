import ToolJSON
import ToolSchema

/// The check of one call: its arguments are read, and brought to the schema of its tool.
///
/// Arguments and schemas are untrusted, so a check can take long. Most are short, and are done at once on the
/// thread of the caller. A longer one goes on a thread of the host, where it keeps no other call of the message waiting,
/// and all its work is charged to one budget.
struct CallCheck: Sendable {
    let call: ToolCall
    let tool: RegisteredTool
    /// The largest arguments.
    let limits: JSONLimits
    /// The bytes of memory for what the check makes of them.
    let bytes: Int

    /// The outcome of a check.
    enum Outcome: Sendable {
        case ready(Dispatch.Ready)
        case refused(ToolResult)
    }

    /// The steps on the caller's thread: a message may have 128 hostile calls before the first one that is not.
    private static let stepsAtOnce = 10_000

    /// The longest arguments that are read on the caller's thread.
    private static let bytesAtOnce = 64 << 10

    /// The steps on a thread of the host, in rounds: calls that need few of them do not wait for those that need many.
    private static let rounds = [200_000, WorkBudget.checkSteps]

    /// Checks the call.
    ///
    /// - Returns: `nil` where the surrounding task was cancelled.
    func outcome(on threads: CheckThreads) async -> Outcome? {
        let atOnce = WorkBudget(steps: Self.stepsAtOnce, bytes: bytes)
        if isShort, let outcome = attempt(within: atOnce) { return outcome }
        for steps in Self.rounds {
            let result = await threads.run { isCancelled in
                let budget = WorkBudget(steps: steps, bytes: bytes, isCancelled: isCancelled)
                return attempt(within: budget, isLast: steps == Self.rounds.last)
            }
            guard let result else { return nil }
            if let result { return result }
        }
        return nil
    }

    /// True if the arguments and the schema can be read at once.
    private var isShort: Bool {
        guard tool.definition.isReady else { return false }
        if case .string(let text) = call.arguments { return text.utf8.count <= Self.bytesAtOnce }
        return call.arguments.byteCount(upTo: Self.bytesAtOnce) <= Self.bytesAtOnce
    }

    /// Checks the call within a budget.
    ///
    /// - Returns: `nil` where the budget was used up, unless this is the last attempt.
    private func attempt(within budget: WorkBudget, isLast: Bool = false) -> Outcome? {
        let arguments: CallArguments
        do {
            arguments = try CallArguments(call.arguments, limits: limits)
        } catch {
            return .refused(ToolResult(refusing: call, .invalidArguments, error.sentence))
        }
        let object = JSON.object(arguments.object)
        guard object.byteCount(upTo: limits.bytes) <= limits.bytes else {
            let sentence = "The arguments are longer than \(limits.bytes) bytes."
            return .refused(ToolResult(refusing: call, .invalidArguments, sentence))
        }
        let fitting = tool.parameterSchema.fitting(
            arguments: arguments.object,
            ofToolNamed: tool.name,
            within: budget
        )
        guard fitting.isComplete || isLast else { return nil }
        guard fitting.isComplete, fitting.violations.isEmpty, let fitted = fitting.value.object else {
            var answer = ToolResult(refusing: call, .invalidArguments, sentence(for: fitting))
            answer.violations = fitting.violations
            answer.coercions = fitting.coercions
            answer.notes = arguments.warnings
            return .refused(answer)
        }
        var asked = call
        asked.arguments = .object(fitted)
        let undeclared = fitting.undeclaredNames
        return .ready(
            Dispatch.Ready(
                tool: tool,
                call: asked,
                arguments: fitted,
                coercions: fitting.coercions,
                notes: (undeclared.isEmpty ? [] : [undeclaredNote(undeclared)]) + arguments.warnings
            )
        )
    }

    private func sentence(for fitting: Fitting) -> String {
        if !fitting.isComplete, fitting.violations.count <= 1 {
            return "The arguments are too large to check against the schema of \(tool.name). Send less in one call."
        }
        let lines = fitting.violations.map { "\n- " + $0.message }
        return "The arguments do not fit \(tool.name):" + lines.joined()
    }

    private func undeclaredNote(_ names: [String]) -> String {
        let shown = names.prefix(8).map { JSON.string(String($0.unicodeScalars.prefix(80))).text() }
        let rest = names.count > 8 ? " and \(names.count - 8) more" : ""
        return "Passed on, though the schema does not declare it: \(shown.joined(separator: ", "))\(rest)."
    }
}

extension ToolResult {
    /// The result of a call that was not run, for the reason that a sentence gives.
    init(refusing call: ToolCall, _ status: ToolStatus, _ sentence: String) {
        self.init(call: call, status: status, parts: [.text(sentence)])
    }
}
