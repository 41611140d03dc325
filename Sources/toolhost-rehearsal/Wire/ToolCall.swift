import ToolJSON

/// One call that the model asks for.
struct ToolCall: Equatable {
    var name: String
    var arguments: JSONObject
}

/// A call of the history with its result.
struct AnsweredCall: Equatable {
    let call: ToolCall
    let content: String

    /// The number that the answer is, or the only one that it holds.
    var number: JSON? {
        let tokens = Prompt(content).tokens.filter { $0.kind == .number }
        guard tokens.count == 1, !isError else { return whole }
        return whole ?? tokens.first.flatMap { JSONNumber(literal: $0.text) }.map(JSON.number)
    }

    private var whole: JSON? {
        guard content.utf8.count <= 1024, let value = try? JSON(parsing: content), value.number != nil else {
            return nil
        }
        return value
    }

    /// True if the result reads like an error of the host.
    var isError: Bool {
        let start = content.prefix(200).lowercased()
        return start.hasPrefix("error") || start.hasPrefix("tool ") && start.contains("not found")
    }
}
