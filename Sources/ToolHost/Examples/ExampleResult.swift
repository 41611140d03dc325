import ToolJSON

/// What came of an example that ships with a tool.
public struct ExampleResult: Sendable {
    /// The example's tool.
    public let tool: String
    /// Its place among the tool's examples, from 0.
    public let index: Int
    /// The answers to its calls, up to the first that was not as expected.
    public let answers: [ToolResult]
    /// What was not as expected, in a sentence; `nil` where all was.
    public let failure: String?
}

extension ToolHost {
    /// Runs the examples that ship with a tool, one after another.
    ///
    /// They call tools of the same plugin and no others.
    public func runExamples(of tool: RegisteredTool) async -> [ExampleResult] {
        var results: [ExampleResult] = []
        for (index, example) in tool.examples.enumerated() {
            var answers: [ToolResult] = []
            var failure: String?
            var kept = JSONObject()
            for step in example.steps where failure == nil {
                if let refusal = refusal(of: step, in: tool) {
                    failure = refusal
                    break
                }
                let call = ToolCall(name: step.tool ?? tool.name, arguments: step.arguments.filling(kept))
                let batch = await dispatch([call])
                answers += batch
                failure = batch.first.flatMap { step.expectation.failure($0) ?? step.keep($0, in: &kept) }
            }
            results.append(ExampleResult(tool: tool.name, index: index, answers: answers, failure: failure))
        }
        return results
    }

    /// Why a step is not run, in a sentence; `nil` where it is.
    ///
    /// Whoever tests a plugin lets it act with its own grants: through its examples it must not reach those of others.
    private func refusal(of step: ToolExample.Step, in tool: RegisteredTool) -> String? {
        guard let name = step.tool else { return nil }
        let shown = JSON.string(String(name.prefix(80)))
        guard let other = self.tool(named: name) else {
            let question = NearNames.question(name, among: tools.map(\.name))
            return "the example calls \(shown), and there is no such tool\(question.isEmpty ? "" : "." + question)"
        }
        return other.source.isSamePlace(as: tool.source)
            ? nil : "the example calls \(shown), which is not of the same plugin; an example may call no other tools"
    }
}

extension RegisteredTool.Source {
    /// Whether both are the same file, or both the program.
    fileprivate func isSamePlace(as other: Self) -> Bool {
        switch (self, other) {
        case (.plugin(_, _, let file), .plugin(_, _, let otherFile)): file.hasSameBytes(as: otherFile)
        case (.program, .program): true
        default: false
        }
    }
}

extension ToolExample.Step {
    /// Keeps what later steps use.
    ///
    /// - Returns: What is not there, in a sentence.
    fileprivate func keep(_ answer: ToolResult, in kept: inout JSONObject) -> String? {
        let result = (try? JSON(parsing: answer.text)) ?? .string(answer.text)
        for part in self.kept {
            guard let value = result[pointer: part.pointer] else {
                return "expected something at \"\(part.pointer)\", got \(answer.text.prefix(200))"
            }
            kept[part.name] = value
        }
        return nil
    }
}

extension JSON {
    /// Puts values where texts name them: `$name`.
    fileprivate func filling(_ kept: JSONObject) -> JSON {
        switch self {
        case .string(let text):
            text.unicodeScalars.first == "$" ? kept[String(text.unicodeScalars.dropFirst())] ?? self : self
        case .array(let elements): .array(elements.map { $0.filling(kept) })
        case .object(let members): .object(JSONObject(members.map { ($0.key, $0.value.filling(kept)) }))
        default: self
        }
    }
}

extension ToolExample.Expectation {
    /// What is not as expected in an answer, in a sentence; `nil` where it is.
    func failure(_ answer: ToolResult) -> String? {
        switch self {
        case .success:
            return answer.status == .ok ? nil : "expected a result, got \(described(answer))"
        case .error(let status):
            return answer.status == status ? nil : "expected \(status.rawValue), got \(described(answer))"
        case .text(let text):
            guard answer.status == .ok else { return "expected \(JSON.string(text)), got \(described(answer))" }
            return answer.text.hasSameBytes(as: text) ? nil : "expected \(JSON.string(text)), got \(described(answer))"
        case .json(let value):
            guard answer.status == .ok else { return "expected \(value), got \(described(answer))" }
            return (try? JSON(parsing: answer.text)) == value ? nil : "expected \(value), got \(described(answer))"
        }
    }

    private func described(_ answer: ToolResult) -> String {
        let text = answer.text.count > 200 ? answer.text.prefix(200) + "…" : answer.text[...]
        return answer.status == .ok ? "\(JSON.string(String(text)))" : "\(answer.status.rawValue): \(text)"
    }
}
