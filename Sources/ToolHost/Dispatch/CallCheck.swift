import ToolJSON
import ToolRuntime
import ToolSchema

/// The check of one call: its arguments are read, and coerced to the schema of its tool.
///
/// Arguments and schemas are untrusted, so a check can take long. Most checks are short and run on the caller's thread.
/// A longer one runs on a thread of the host, where it delays no other call of the message, and its work has a budget.
struct CallCheck: Sendable {
    let call: ToolCall
    let tool: RegisteredTool
    /// The limits of the arguments.
    let limits: JSONLimits
    /// The maximum number of bytes of memory for the values that the check creates.
    let bytes: Int

    /// The outcome of a check.
    enum Outcome: Sendable {
        case valid(CheckedCall)
        case invalid(ToolResult)
    }

    /// The maximum number of steps on the caller's thread.
    ///
    /// A message can have 128 hostile calls before a harmless one.
    private static let stepsAtOnce = 10_000

    /// The maximum length of arguments that are read on the caller's thread.
    private static let bytesAtOnce = 64 << 10

    /// The maximum numbers of steps on a thread of the host, one for each round.
    ///
    /// Calls that need few steps do not wait for those that need many.
    private static let rounds = [200_000, WorkBudget.checkSteps]

    /// Checks the call on this thread.
    ///
    /// - Returns: The outcome, or nil if the check is too long.
    func outcomeAtOnce() -> Outcome? {
        isShort ? attempt(within: WorkBudget(steps: Self.stepsAtOnce, bytes: bytes)) : nil
    }

    /// Checks a call whose check is too long for the caller's thread.
    ///
    /// - Returns: The outcome, or nil if the surrounding task was cancelled.
    func outcome(on threads: CheckThreads) async -> Outcome? {
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

    /// True if the arguments and the schema are short enough for the caller's thread.
    private var isShort: Bool {
        guard tool.definition.isReady else { return false }
        if case .string(let text) = call.arguments { return text.utf8.count <= Self.bytesAtOnce }
        return call.arguments.byteCount(upTo: Self.bytesAtOnce) <= Self.bytesAtOnce
    }

    /// Checks the call within a budget.
    ///
    /// - Returns: The outcome, or nil if the budget was used up and this is not the last attempt.
    private func attempt(within budget: WorkBudget, isLast: Bool = false) -> Outcome? {
        let normalised: CallArguments
        do {
            normalised = try CallArguments(call.arguments, limits: limits)
        } catch {
            return .invalid(ToolResult(refusing: call, .invalidArguments, error.sentence))
        }
        let fitting = tool.parameterSchema.fitting(
            arguments: normalised.object,
            ofToolNamed: tool.name,
            within: budget
        )
        guard fitting.isComplete || isLast else { return nil }
        guard fitting.isComplete, fitting.violations.isEmpty, let arguments = fitting.value.object else {
            var result = ToolResult(refusing: call, .invalidArguments, sentence(for: fitting))
            result.violations = fitting.violations
            result.coercions = fitting.coercions
            result.notes = normalised.warnings
            return .invalid(result)
        }
        guard fitting.value.byteCount(upTo: limits.bytes) <= limits.bytes else {
            let sentence = "The arguments are longer than \(limits.bytes) bytes."
            return .invalid(ToolResult(refusing: call, .invalidArguments, sentence))
        }
        let undeclared = fitting.undeclaredNames
        return .valid(
            CheckedCall(
                tool: tool,
                arguments: SerialisedArguments(arguments),
                coercions: fitting.coercions,
                notes: (undeclared.isEmpty ? [] : [undeclaredNote(undeclared)]) + normalised.warnings
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
