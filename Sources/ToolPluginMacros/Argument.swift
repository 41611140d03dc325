import SwiftSyntax
import SwiftSyntaxMacros

/// A parameter of a function or a property of a struct, as far as a model gives a value for it.
struct Argument {
    /// The name in the schema.
    let name: String
    /// The name in the struct, or the label in a call of the function.
    let label: String?
    let type: TypeSyntax
    let defaultValue: ExprSyntax?
    let limits: ArgumentLimits
    var description = ""

    /// The parameter in the list of a tool or of a struct.
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
                // A literal has been checked here; the value of anything else is known when the plugin registers.
                if !constraints.isEmpty, !defaultValue.is(NilLiteralExprSyntax.self) {
                    parts.append("checkedDefault: \(text)")
                }
                parts.append("hasDefault: true")
            }
        }
        return ".parameter(\(parts.joined(separator: ", ")))"
    }

    /// The value, read from the members of an object.
    func value(of members: String) -> String {
        let fallback = defaultValue.map { ", default: \($0.trimmedDescription)" } ?? ""
        return "\(members).value(\(name.literal)\(fallback))"
    }
}

// MARK: - Limits

extension Argument {
    private static let wrappers = ["Bounds": "bounds", "Pattern": "pattern", "Length": "length", "Count": "count"]

    /// The limits that stand as property wrappers before a parameter or property, or nil where they, or the default
    /// value under them, are refused.
    ///
    /// - Parameters:
    ///   - value: The default value.
    ///   - type: The type of the parameter or property.
    static func limits(
        in attributes: AttributeListSyntax,
        of value: ExprSyntax?,
        as type: TypeSyntax,
        _ context: some MacroExpansionContext
    ) -> ArgumentLimits? {
        guard let limits = limits(in: attributes, context) else { return nil }
        guard let value, let reason = limits.refusal(of: value, as: type) else { return limits }
        context.diagnose(
            refused: "the schema refuses the default value \(value.trimmedDescription): \(reason)",
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
    /// Says what of a type has no form that a model could give; returns whether there is nothing of it.
    static func check(_ type: TypeSyntax, _ context: some MacroExpansionContext) -> Bool {
        if let fault = fault(of: type) {
            context.diagnose(fault.diagnostic, at: fault.node)
            return false
        }
        return true
    }

    private static func fault(of type: TypeSyntax) -> (diagnostic: ToolDiagnostic, node: Syntax)? {
        switch type.as(TypeSyntaxEnum.self) {
        case .attributedType(let type):
            if type.specifiers.contains(where: { $0.trimmedDescription == "inout" }) {
                return (.inoutParameter, Syntax(type))
            }
            if let first = type.specifiers.first { return (.ownershipParameter, Syntax(first)) }
            return fault(of: type.baseType)
        case .functionType(let type): return (.functionType, Syntax(type))
        case .tupleType(let tuple):
            // A type in parentheses is that type.
            if let element = tuple.elements.first, tuple.elements.count == 1, element.firstName == nil {
                return fault(of: element.type)
            }
            return (.tupleType, Syntax(tuple))
        case .someOrAnyType(let type):
            return (type.someOrAnySpecifier.text == "some" ? .opaqueType : .existentialType, Syntax(type))
        case .implicitlyUnwrappedOptionalType(let type): return (.unwrappedOptional, Syntax(type))
        case .optionalType(let type):
            if type.wrappedType.lastName == "ToolContext" { return (.optionalContext, Syntax(type)) }
            if type.wrappedType.isOptional { return (.nestedOptional, Syntax(type)) }
            return fault(of: type.wrappedType)
        case .arrayType(let type): return fault(of: type.element)
        case .dictionaryType(let type):
            if type.key.trimmedDescription != "String" { return (.dictionaryKey, Syntax(type.key)) }
            return fault(of: type.value)
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
                if let fault = fault(of: argument) { return fault }
            }
            return nil
        default: return nil
        }
    }
}
