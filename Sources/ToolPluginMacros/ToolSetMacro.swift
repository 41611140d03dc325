import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

/// The macro `@ToolSet`: adds the list of tools and the instance that they share to a type.
struct ToolSetMacro: MemberMacro {
    static func expansion(
        of attribute: AttributeSyntax,
        providingMembersOf declaration: some DeclGroupSyntax,
        conformingTo protocols: [TypeSyntax],
        in context: some MacroExpansionContext
    ) -> [DeclSyntax] {
        guard
            declaration.is(ActorDeclSyntax.self) || declaration.is(ClassDeclSyntax.self)
                || declaration.is(StructDeclSyntax.self), let type = declaration.asProtocol((any NamedDeclSyntax).self)
        else {
            context.diagnose(.notASet, at: attribute)
            return []
        }
        if let clause = declaration.asProtocol((any WithGenericParametersSyntax).self)?.genericParameterClause {
            context.diagnose(.genericType, at: clause)
            return []
        }
        let hidden = declaration.memberBlock.members.conditional {
            $0.as(FunctionDeclSyntax.self)?.attributes.attribute("Tool") != nil
        }
        for function in hidden { context.diagnose(.conditionalTool, at: function) }
        var functions: Set<String> = []
        var names: Set<String> = []
        var tools: [String] = []
        for function in declaration.memberBlock.members.compactMap({ $0.decl.as(FunctionDeclSyntax.self) }) {
            guard let attribute = function.attributes.attribute("Tool") else { continue }
            if !functions.insert(function.name.text).inserted {
                context.diagnose(.overloadedName, at: function.name)
                continue
            }
            // The macro `@Tool` reports an invalid name.
            let given = attribute.argumentsByLabel[""]
            let name = given?.plainText ?? function.name.plainName.snakeCase
            if !names.insert(name).inserted {
                context.diagnose(.sameToolName, at: given.map(Syntax.init) ?? Syntax(function.name))
            }
            tools.append(function.name.plainName + "Tool")
        }
        if tools.isEmpty { context.diagnose(.emptySet, at: attribute) }
        return [
            "private static let toolSetInstance = \(type.name.trimmed)()",
            "\(raw: declaration.modifiers.access)static let tools: [Tool] = [\(raw: tools.joined(separator: ", "))]",
        ]
    }
}
