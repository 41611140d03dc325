import SwiftSyntax
import SwiftSyntaxMacros

/// A parameter of a function, or a property of a struct, that the model provides a value for.
struct Argument {
    /// The name in the schema.
    let name: String
    /// The name of the property, or the argument label of the parameter.
    let label: String?
    let type: TypeSyntax
    let defaultValue: ExprSyntax?
    let limits: ArgumentLimits
    var description = ""

    /// The source of the `ToolParameter` in an expansion.
    var declaration: String {
        var parts = [name.literal, "of: \(type.trimmedDescription).self"]
        if !description.isEmpty { parts.append("description: \(description.literal)") }
        let constraints = limits.expressions
        if !constraints.isEmpty { parts.append("constraints: [\(constraints.joined(separator: ", "))]") }
        if let defaultValue {
            let text = defaultValue.trimmedDescription
            if defaultValue.isLiteral {
                parts.append("default: \(text)")
            } else {
                if defaultValue.isPlain { parts.append("defaultCase: \(text)") }
                // Literals are checked at compile time, other expressions when the plugin registers.
                if !constraints.isEmpty, !defaultValue.is(NilLiteralExprSyntax.self) {
                    parts.append("checkedDefault: \(text)")
                }
                parts.append("hasDefault: true")
            }
        }
        return ".parameter(\(parts.joined(separator: ", ")))"
    }

    /// Returns the source that reads the argument.
    ///
    /// - Parameter members: The name of the variable with the arguments.
    func value(of members: String) -> String {
        let fallback = defaultValue.map { ", default: \($0.trimmedDescription)" } ?? ""
        return "\(members).value(\(name.literal)\(fallback))"
    }
}

// MARK: - Limits

extension Argument {
    private static let wrappers = ["Bounds": "bounds", "Pattern": "pattern", "Length": "length", "Count": "count"]

    /// Reads the constraints of a parameter or property from its property wrappers.
    ///
    /// - Parameters:
    ///   - value: The default value.
    ///   - type: The type of the parameter or property.
    /// - Returns: The constraints, or nil if they are invalid or violated by the default value, which is reported.
    static func limits(
        in attributes: AttributeListSyntax,
        of value: ExprSyntax?,
        as type: TypeSyntax,
        _ context: some MacroExpansionContext
    ) -> ArgumentLimits? {
        guard let limits = limits(in: attributes, context) else { return nil }
        guard let value, let reason = limits.violation(by: value, as: type) else { return limits }
        context.diagnose(
            invalidValue: "the default value \(value.trimmedDescription) is invalid: \(reason)",
            "Default",
            at: value
        )
        return nil
    }

    private static func limits(
        in attributes: AttributeListSyntax,
        _ context: some MacroExpansionContext
    ) -> ArgumentLimits? {
        var found: [String: ExprSyntax] = [:]
        var isValid = true
        for case .attribute(let attribute) in attributes {
            let name = attribute.attributeName.trimmedDescription.split(separator: ".").last.map(String.init) ?? ""
            guard let constraint = wrappers[name] else { continue }
            guard case .argumentList(let list)? = attribute.arguments, list.count == 1,
                let value = list.first?.expression,
                constraint == "pattern" ? value.isPlainText : value.plainRange != nil
            else {
                context.diagnose(.literalConstraint, at: attribute)
                isValid = false
                continue
            }
            if let range = value.plainRange {
                let isEmpty =
                    if let lowest = range.lowest, let highest = range.highest { lowest > highest } else { false }
                let isNegative = (range.lowest ?? range.highest ?? 0) < 0 && constraint != "bounds"
                if isEmpty || isNegative {
                    context.diagnose(isEmpty ? .emptyRange : .negativeCount, at: value)
                    isValid = false
                    continue
                }
            }
            if found.updateValue(value, forKey: constraint) != nil {
                context.diagnose(.repeatedConstraint, at: attribute)
                isValid = false
            }
        }
        guard isValid else { return nil }
        var limits = ArgumentLimits()
        for (constraint, value) in found.sorted(by: { $0.key < $1.key }) { limits.add(constraint, value) }
        return limits
    }
}

// MARK: - Types

extension Argument {
    /// Reports a type that JSON cannot represent.
    ///
    /// - Returns: True if the type is valid.
    static func check(_ type: TypeSyntax, _ context: some MacroExpansionContext) -> Bool {
        if let problem = problem(of: type) {
            context.diagnose(problem.diagnostic, at: problem.node)
            return false
        }
        return true
    }

    private static func problem(of type: TypeSyntax) -> (diagnostic: ToolDiagnostic, node: Syntax)? {
        switch type.as(TypeSyntaxEnum.self) {
        case .attributedType(let type):
            if type.specifiers.contains(where: { $0.trimmedDescription == "inout" }) {
                return (.inoutParameter, Syntax(type))
            }
            if let first = type.specifiers.first { return (.ownershipParameter, Syntax(first)) }
            return problem(of: type.baseType)
        case .functionType(let type): return (.functionType, Syntax(type))
        case .tupleType(let tuple):
            // Parentheses around a type do not change it.
            if let element = tuple.elements.first, tuple.elements.count == 1, element.firstName == nil {
                return problem(of: element.type)
            }
            return (.tupleType, Syntax(tuple))
        case .someOrAnyType(let type):
            return (type.someOrAnySpecifier.text == "some" ? .opaqueType : .existentialType, Syntax(type))
        case .implicitlyUnwrappedOptionalType(let type): return (.unwrappedOptional, Syntax(type))
        case .optionalType(let type):
            if type.wrappedType.lastName == "ToolContext" { return (.optionalContext, Syntax(type)) }
            if type.wrappedType.isOptional { return (.nestedOptional, Syntax(type)) }
            return problem(of: type.wrappedType)
        case .arrayType(let type): return problem(of: type.element)
        case .dictionaryType(let type):
            if type.key.trimmedDescription != "String" { return (.dictionaryKey, Syntax(type.key)) }
            return problem(of: type.value)
        case .identifierType(let type):
            if type.name.text == "Void" { return (.voidParameter, Syntax(type)) }
            if type.name.text == "Dictionary",
                case .type(let key)? = type.genericArgumentClause?.arguments.first?.argument,
                key.trimmedDescription != "String"
            {
                return (.dictionaryKey, Syntax(key))
            }
            for case .type(let argument) in type.genericArgumentClause?.arguments.map(\.argument) ?? [] {
                if type.name.text == "Optional", argument.isOptional { return (.nestedOptional, Syntax(type)) }
                if let problem = problem(of: argument) { return problem }
            }
            return nil
        default: return nil
        }
    }
}
