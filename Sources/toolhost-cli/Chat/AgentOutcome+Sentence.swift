import ToolAgent

extension AgentOutcome {
    /// The reason for an end without an answer, or for an answer that is not the whole one; nil otherwise.
    var sentence: TerminalLine? {
        switch reason {
        case .answered: nil
        case .roundLimit: "stopped calling after \(rounds) rounds (--rounds)"
        case .cancelled: "cancelled"
        case .truncated: "the answer was cut off at its length limit (--option num_predict=N)"
        case .emptyAnswer: "the model gave no answer"
        case .repeatedCalls: "the model kept repeating the same calls"
        }
    }
}
