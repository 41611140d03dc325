import SwiftSyntax
import SwiftSyntaxMacros

extension ToolFunction {
    /// Reports examples with invalid arguments, which would never reach the tool.
    ///
    /// - Returns: True if no example is invalid.
    static func checkExamples(
        _ examples: ExprSyntax?,
        _ arguments: [Argument],
        _ context: some MacroExpansionContext
    ) -> Bool {
        let values = examples?.as(ArrayExprSyntax.self)?.elements.map(\.expression) ?? []
        return values.map { checkExample($0, arguments, context) }.allSatisfy(\.self)
    }

    private static func checkExample(
        _ example: ExprSyntax,
        _ arguments: [Argument],
        _ context: some MacroExpansionContext
    ) -> Bool {
        guard let call = example.as(FunctionCallExprSyntax.self),
            ["ToolExample", ".init", "ToolExample.init"].contains(call.calledExpression.trimmedDescription)
        else { return true }
        let steps = call.arguments.filter { $0.label == nil && $0.expression.is(FunctionCallExprSyntax.self) }
        if !steps.isEmpty {
            return steps.map { checkExample($0.expression, arguments, context) }.allSatisfy(\.self)
        }
        let error = call.arguments.first { $0.label?.text == "error" }?.expression.trimmedDescription
        // Of the errors, only these literals imply valid arguments.
        guard error == nil || error == ".error" || error == ".cancelled" || error == ".internal" else { return true }
        guard let given = call.arguments.first, given.label == nil else {
            return checkMembers([:], at: Syntax(call), arguments, context)
        }
        guard let dictionary = given.expression.as(DictionaryExprSyntax.self) else { return true }
        var members: [String: ExprSyntax] = [:]
        if case .elements(let elements) = dictionary.content {
            for element in elements {
                guard let key = element.key.plainText else { return true }
                members[key] = element.value
            }
        }
        return checkMembers(members, at: Syntax(dictionary), arguments, context)
    }

    private static func checkMembers(
        _ members: [String: ExprSyntax],
        at node: Syntax,
        _ arguments: [Argument],
        _ context: some MacroExpansionContext
    ) -> Bool {
        var isValid = true
        for argument in arguments {
            guard let value = members[argument.name] else {
                if argument.isSurelyRequired {
                    context.diagnose(
                        invalidValue: "the example omits '\(argument.name)', which is required",
                        "Example",
                        at: node
                    )
                    isValid = false
                }
                continue
            }
            let reason = argument.limits.violation(by: value, as: argument.type) ?? argument.mismatch(of: value)
            guard let reason else { continue }
            context.diagnose(
                invalidValue: "the value \(value.trimmedDescription) for '\(argument.name)' is invalid: \(reason)",
                "Example",
                at: value
            )
            isValid = false
        }
        return isValid
    }
}

extension Argument {
    private static let numbers: Set<String> = [
        "Int", "Int8", "Int16", "Int32", "Int64", "UInt", "UInt8", "UInt16", "UInt32", "UInt64", "Double", "Float",
    ]

    /// True if the argument is certainly required: other types may have a value for a missing argument.
    fileprivate var isSurelyRequired: Bool {
        guard defaultValue == nil else { return false }
        if type.is(ArrayTypeSyntax.self) || type.is(DictionaryTypeSyntax.self) { return true }
        guard let name = type.as(IdentifierTypeSyntax.self)?.name.text else { return false }
        return Self.numbers.contains(name) || ["String", "Bool", "Set", "Array", "Dictionary"].contains(name)
    }

    /// Returns the reason why a string is not a value of the type, even after the host converts it, or nil if it is.
    fileprivate func mismatch(of value: ExprSyntax) -> String? {
        guard let text = value.plainText else { return nil }
        let name = (type.as(OptionalTypeSyntax.self)?.wrappedType ?? type).lastName ?? ""
        if Self.numbers.contains(name), Double(text) == nil { return "it must be a number" }
        let words = ["true", "false", "yes", "no", "on", "off", "1", "0"]
        return name == "Bool" && !words.contains(text.lowercased()) ? "it must be true or false" : nil
    }
}
