import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

/// A function that is marked `@Tool`.
struct ToolFunction {
    private let function: FunctionDeclSyntax
    private let attribute: AttributeSyntax
    private let scope: Scope
    private let toolName: String
    private let comment: DocComment
    /// The parameters, in order.
    ///
    /// The context has no argument.
    private let arguments: [(argument: Argument?, label: String?)]

    /// The scope of the function.
    private enum Scope {
        case file
        /// A type with a static function or an instance method.
        case type(String, isStatic: Bool, isActor: Bool)
    }

    /// Reads a function.
    ///
    /// - Returns: Nil if the function cannot be a tool, which has been reported.
    init?(_ function: FunctionDeclSyntax, _ attribute: AttributeSyntax, _ context: some MacroExpansionContext) {
        self.function = function
        self.attribute = attribute
        guard let scope = Self.scope(of: function, context), Self.checkKind(of: function, context),
            let toolName = Self.name(of: function, attribute, context)
        else { return nil }
        self.scope = scope
        self.toolName = toolName
        comment = DocComment(function.leadingTrivia)
        guard let arguments = Self.arguments(of: function, comment, context) else { return nil }
        self.arguments = arguments
        let examples = attribute.argumentsByLabel["examples"]
        guard Self.checkExamples(examples, arguments.compactMap(\.argument), context) else { return nil }
        Self.checkComment(comment, function, context)
    }

    // MARK: - Validation

    private static func scope(of function: FunctionDeclSyntax, _ context: some MacroExpansionContext) -> Scope? {
        let isStatic = function.modifiers.contains(.static) || function.modifiers.contains(.class)
        guard let outer = context.lexicalContext.first else { return .file }
        if context.lexicalContext.contains(where: { $0.isCode }) {
            context.diagnose(.localFunction, at: function.name)
            return nil
        }
        if context.lexicalContext.contains(where: \.isGeneric) {
            context.diagnose(.genericType, at: function.name)
            return nil
        }
        let type = outer.asProtocol((any DeclGroupSyntax).self)
        let isSet = type?.attributes.attribute("ToolSet") != nil
        guard isStatic || isSet else {
            let fixed = function.with(
                \.modifiers,
                [DeclModifierSyntax(name: .keyword(.static, trailingTrivia: .space))] + function.modifiers
            )
            context.diagnose(
                .notAMethodOfASet,
                at: function.name,
                .change("addStatic", "make the method static", function, to: fixed)
            )
            return nil
        }
        let name =
            outer.asProtocol((any NamedDeclSyntax).self)?.name.text
            ?? outer.as(ExtensionDeclSyntax.self)?.extendedType.trimmedDescription ?? "Self"
        return .type(name, isStatic: isStatic, isActor: outer.is(ActorDeclSyntax.self))
    }

    private static func checkKind(of function: FunctionDeclSyntax, _ context: some MacroExpansionContext) -> Bool {
        switch function.name.tokenKind {
        case .binaryOperator, .prefixOperator, .postfixOperator:
            context.diagnose(.operatorFunction, at: function.name)
            return false
        default: break
        }
        if let clause = function.genericParameterClause {
            context.diagnose(.genericFunction, at: clause)
            return false
        }
        if let clause = function.genericWhereClause {
            context.diagnose(.genericFunction, at: clause)
            return false
        }
        if let modifier = function.modifiers.first(where: { $0.name.tokenKind == .keyword(.mutating) }) {
            context.diagnose(.mutatingMethod, at: modifier)
            return false
        }
        if let clause = function.signature.effectSpecifiers?.throwsClause,
            clause.throwsSpecifier.tokenKind == .keyword(.rethrows)
        {
            context.diagnose(.rethrowing, at: clause)
            return false
        }
        if let attribute = function.attributes.attribute("MainActor") {
            context.diagnose(.mainActor, at: attribute)
            return false
        }
        let types = context.lexicalContext.compactMap { $0.asProtocol((any DeclGroupSyntax).self) }
        if types.contains(where: { $0.attributes.attribute("MainActor") != nil }),
            !function.modifiers.contains(.nonisolated)
        {
            context.diagnose(.mainActor, at: function.name)
            return false
        }
        if let result = function.signature.returnClause?.type {
            if let tuple = result.as(TupleTypeSyntax.self), !tuple.elements.isEmpty {
                context.diagnose(.tupleType, at: result)
                return false
            }
            if result.is(FunctionTypeSyntax.self) {
                context.diagnose(.functionType, at: result)
                return false
            }
        }
        return true
    }

    /// Returns the name of the tool: the argument of the attribute, or the name of the function in snake case.
    static func name(
        of function: FunctionDeclSyntax,
        _ attribute: AttributeSyntax,
        _ context: some MacroExpansionContext
    ) -> String? {
        let given = attribute.argumentsByLabel
        if let description = given["description"], !description.isPlainText, !description.is(NilLiteralExprSyntax.self)
        {
            context.diagnose(.literalText, at: description)
            return nil
        }
        guard let expression = given[""], !expression.is(NilLiteralExprSyntax.self) else {
            let name = function.name.plainName.snakeCase
            if !name.isToolName { context.diagnose(.invalidToolName, at: function.name) }
            return name.isToolName ? name : nil
        }
        guard let name = expression.plainText else {
            context.diagnose(.literalText, at: expression)
            return nil
        }
        if !name.isToolName { context.diagnose(.invalidToolName, at: expression) }
        return name.isToolName ? name : nil
    }

    private static func arguments(
        of function: FunctionDeclSyntax,
        _ comment: DocComment,
        _ context: some MacroExpansionContext
    ) -> [(argument: Argument?, label: String?)]? {
        var arguments: [(argument: Argument?, label: String?)] = []
        var isValid = true
        for parameter in function.signature.parameterClause.parameters {
            if let ellipsis = parameter.ellipsis {
                context.diagnose(.variadicParameter, at: ellipsis)
                isValid = false
                continue
            }
            let label = parameter.firstName.tokenKind == .wildcard ? nil : parameter.firstName.text
            if parameter.type.lastName == "ToolContext" {
                arguments.append((nil, label))
                continue
            }
            let name = parameter.secondName ?? parameter.firstName
            if name.tokenKind == .wildcard {
                context.diagnose(.unnamedParameter, at: name)
                isValid = false
                continue
            }
            guard Argument.check(parameter.type, context),
                let limits = Argument.limits(
                    in: parameter.attributes,
                    of: parameter.defaultValue?.value,
                    as: parameter.type,
                    context
                )
            else {
                isValid = false
                continue
            }
            let argument = Argument(
                name: name.plainName,
                label: label,
                type: parameter.type,
                defaultValue: parameter.defaultValue?.value,
                limits: limits,
                description: comment[parameter: name.plainName]
            )
            arguments.append((argument, label))
        }
        return isValid ? arguments : nil
    }

    private static func checkComment(
        _ comment: DocComment,
        _ function: FunctionDeclSyntax,
        _ context: some MacroExpansionContext
    ) {
        let known = function.signature.parameterClause.parameters.map { ($0.secondName ?? $0.firstName).plainName }
        for (name, _) in comment.parameters where !known.contains(name) {
            context.diagnose(unknownParameter: name, at: function.name)
        }
    }

    // MARK: - The expansion

    var expansion: String {
        var members = [
            "name: \(toolName.literal)",
            "description: \(given("description") ?? comment.text.literal)",
            parameterList,
        ]
        for label in ["serial", "annotations", "timeout", "examples"] {
            if let expression = given(label) { members.append("\(label): \(expression)") }
        }
        members.append("\(isAsync ? "asyncBody" : "body"): { arguments, context in\n        \(call)\n    }")
        let list = members.map { "    " + $0 }.joined(separator: ",\n")
        let isMember = if case .type = scope { true } else { false }
        return
            "\(function.modifiers.access)\(isMember ? "static " : "")let \(function.name.plainName)Tool = Tool(\n\(list)\n)"
    }

    private var parameterList: String {
        let declarations = arguments.compactMap(\.argument?.declaration)
        if declarations.isEmpty { return "parameters: []" }
        return "parameters: [\n" + declarations.map { "        " + $0 }.joined(separator: ",\n") + "\n    ]"
    }

    private func given(_ label: String) -> String? {
        attribute.argumentsByLabel[label].flatMap { $0.is(NilLiteralExprSyntax.self) ? nil : $0.trimmedDescription }
    }

    /// True if a call of the function needs `await`.
    private var isAsync: Bool {
        if function.signature.effectSpecifiers?.asyncSpecifier != nil { return true }
        if case .type(_, isStatic: false, isActor: true) = scope {
            return !function.modifiers.contains(.nonisolated)
        }
        return false
    }

    private var call: String {
        let values = arguments.map { argument, label in
            (label.map { $0 + ": " } ?? "") + (argument?.value(of: "arguments") ?? "context")
        }
        let callee =
            switch scope {
            case .file: function.name.text
            case .type(let type, let isStatic, _): type + (isStatic ? "." : ".toolSetInstance.") + function.name.text
            }
        return "try \(isAsync ? "await " : "")ToolReply(returning: \(callee)(\(values.joined(separator: ", "))))"
    }
}

extension Syntax {
    fileprivate var isGeneric: Bool {
        asProtocol((any WithGenericParametersSyntax).self)?.genericParameterClause != nil
    }

    /// True for code, whose local declarations are not visible elsewhere.
    fileprivate var isCode: Bool {
        self.is(FunctionDeclSyntax.self) || self.is(ClosureExprSyntax.self) || self.is(InitializerDeclSyntax.self)
            || self.is(AccessorDeclSyntax.self) || self.is(SubscriptDeclSyntax.self)
    }
}
