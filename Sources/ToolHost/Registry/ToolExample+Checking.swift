import ToolJSON

extension ToolExample.Step {
    /// Stores the parts of a result that later steps use.
    ///
    /// - Returns: A description of the first part that is missing, or nil.
    func store(_ result: ToolResult, in values: inout JSONObject) -> String? {
        let json = (try? JSON(parsing: result.text)) ?? .string(result.text)
        for part in kept {
            guard let value = json[pointer: part.pointer] else {
                return "expected something at \"\(part.pointer)\", got \(result.text.prefix(200))"
            }
            values[part.name] = value
        }
        return nil
    }
}

extension ToolExample.Expectation {
    /// Returns a description of the difference between a result and the expectation, or nil if it is as expected.
    func failure(_ result: ToolResult) -> String? {
        switch self {
        case .success:
            return result.status == .ok ? nil : "expected a result, got \(described(result))"
        case .error(let status):
            return result.status == status ? nil : "expected \(status.rawValue), got \(described(result))"
        case .text(let text):
            let isExpected = result.status == .ok && result.text.hasSameBytes(as: text)
            return isExpected ? nil : "expected \(JSON.string(text)), got \(described(result))"
        case .json(let value):
            let isExpected = result.status == .ok && (try? JSON(parsing: result.text)) == value
            return isExpected ? nil : "expected \(value), got \(described(result))"
        }
    }

    private func described(_ result: ToolResult) -> String {
        let text = result.text.count > 200 ? result.text.prefix(200) + "…" : result.text[...]
        return result.status == .ok ? "\(JSON.string(String(text)))" : "\(result.status.rawValue): \(text)"
    }
}
