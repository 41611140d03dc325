import ToolJSON

/// The offered tools for arithmetic, found by their names and descriptions.
struct ArithmeticTools {
    /// The parameters for the two operands of a tool.
    private enum Operands {
        case pair(String, String)
        case list(String)
    }

    private var found: [ArithmeticOperation: (tool: String, operands: Operands)] = [:]

    init(_ tools: [OfferedTool]) {
        for operation in ArithmeticOperation.allCases {
            let word = Vocabulary.stem(operation.rawValue)
            // A name is more reliable than a description, which may mention another operation.
            let candidates =
                tools.filter { Vocabulary.stems(of: $0.name).contains(word) }
                + tools.filter { Vocabulary.stems(of: $0.description).contains(word) }
            for tool in candidates where found[operation] == nil {
                found[operation] = Self.operands(of: tool).map { (tool.name, $0) }
            }
        }
    }

    private static func operands(of tool: OfferedTool) -> Operands? {
        let numbers = tool.parameters.filter(\.isNumeric)
        let required = numbers.filter(\.isRequired)
        let pair = required.count >= 2 ? required : numbers
        let used: [Parameter]
        let operands: Operands
        if pair.count == 2 {
            used = pair
            operands = .pair(pair[0].name, pair[1].name)
        } else if let list = tool.parameters.first(where: \.isListOfNumbers) {
            used = [list]
            operands = .list(list.name)
        } else {
            return nil
        }
        let others = tool.parameters.filter { parameter in !used.contains { $0.name == parameter.name } }
        return others.contains(where: \.isRequired) ? nil : operands
    }

    /// Returns a plan with one step for each operation, operands first, or nil if a tool is missing.
    func plan(_ expression: ArithmeticExpression, as text: String) -> Plan? {
        var plan = Plan()
        guard argument(expression, &plan) != nil, !plan.steps.isEmpty else { return nil }
        let names = plan.steps.map(\.tool).joined(separator: ", ")
        plan.reasons.append("The prompt contains the arithmetic \(text), which needs \(names), innermost first.")
        return plan
    }

    private func argument(_ expression: ArithmeticExpression, _ plan: inout Plan) -> Plan.Argument? {
        switch expression {
        case .number(let number):
            return .value(.number(number))
        case .operation(let operation, let left, let right):
            guard let (tool, operands) = found[operation], let left = argument(left, &plan),
                let right = argument(right, &plan)
            else { return nil }
            let step =
                switch operands {
                case .pair(let first, let second):
                    Plan.Step(tool: tool, arguments: [(first, left), (second, right)])
                case .list(let name):
                    Plan.Step(tool: tool, arguments: [(name, .list([left, right]))])
                }
            plan.add(step)
            // Equal steps are one call.
            return plan.steps.firstIndex(of: step).map { .result(of: $0) }
        }
    }
}
