import ToolJSON

extension AnsweredCall {
    /// The number that is the result, or the only number in the result.
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
}
