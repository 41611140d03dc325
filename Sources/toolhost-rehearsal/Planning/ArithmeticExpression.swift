import ToolJSON

/// An arithmetic expression in a prompt, such as `(11434+12341)*412` or `3 plus 4 multiplied by 5`.
indirect enum ArithmeticExpression: Equatable {
    case number(JSONNumber)
    case operation(ArithmeticOperation, ArithmeticExpression, ArithmeticExpression)

    /// Returns the first expression with an operator, and the range of its tokens.
    static func first(in prompt: Prompt) -> (expression: ArithmeticExpression, tokens: Range<Int>)? {
        var position = 0
        while position < prompt.tokens.count {
            var parser = Parser(tokens: prompt.tokens, position: position)
            if let expression = parser.sum() {
                // The parser stops at the limit, and a part of an expression has the wrong result.
                if parser.operations > Plan.maximumSteps { return nil }
                if case .operation = expression { return (expression, position..<parser.position) }
                position = max(parser.position, position + 1)
            } else {
                position += 1
            }
        }
        return nil
    }

    /// The operations in the expression.
    var operations: Set<ArithmeticOperation> {
        switch self {
        case .number: []
        case .operation(let operation, let left, let right):
            left.operations.union(right.operations).union([operation])
        }
    }
}

/// A parser that reads the longest expression, limited in depth and in the number of operations.
private struct Parser {
    static let maximumDepth = 32

    let tokens: [Token]
    var position: Int
    var operations = 0
    var depth = 0

    init(tokens: [Token], position: Int) {
        self.tokens = tokens
        self.position = position
    }

    private func token(_ offset: Int = 0) -> Token? {
        tokens.indices.contains(position + offset) ? tokens[position + offset] : nil
    }

    mutating func sum() -> ArithmeticExpression? {
        chain(tight: false) { $0.product() }
    }

    private mutating func product() -> ArithmeticExpression? {
        chain(tight: true) { $0.operand() }
    }

    private mutating func chain(
        tight: Bool,
        _ part: (inout Parser) -> ArithmeticExpression?
    ) -> ArithmeticExpression? {
        guard var left = part(&self) else { return nil }
        while let (operation, length) = operation(), operation.bindsTighter == tight,
            operations <= Plan.maximumSteps
        {
            let start = position
            position += length
            operations += 1
            guard let right = part(&self) else {
                position = start
                operations -= 1
                break
            }
            left = .operation(operation, left, right)
        }
        return left
    }

    private mutating func operand() -> ArithmeticExpression? {
        guard let token = token() else { return nil }
        if token.kind == .number, let number = JSONNumber(literal: token.text) {
            position += 1
            return .number(number)
        }
        guard token.kind == .symbol, token.text == "(", depth < Self.maximumDepth else { return nil }
        let start = position
        depth += 1
        position += 1
        defer { depth -= 1 }
        if let inner = sum(), self.token()?.text == ")" {
            position += 1
            return inner
        }
        position = start
        return nil
    }

    /// Returns the operator at the current position, and the number of its tokens.
    private func operation() -> (ArithmeticOperation, Int)? {
        guard let token = token(), token.kind == .symbol || token.kind == .word else { return nil }
        switch token.lowercased {
        case "+", "plus": return (.add, 1)
        case "-", "−", "–", "minus": return (.subtract, 1)
        case "*", "×", "·", "x", "times": return (.multiply, 1)
        case "/", "÷": return (.divide, 1)
        case "added": return self.token(1)?.lowercased == "to" ? (.add, 2) : nil
        case "multiplied": return self.token(1)?.lowercased == "by" ? (.multiply, 2) : nil
        case "divided": return self.token(1)?.lowercased == "by" ? (.divide, 2) : nil
        default: return nil
        }
    }
}
