import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

/// The macro `@Tool`: adds a constant with the tool beside a function.
struct ToolMacro: PeerMacro {
    static func expansion(
        of attribute: AttributeSyntax,
        providingPeersOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) -> [DeclSyntax] {
        guard let function = declaration.as(FunctionDeclSyntax.self) else {
            context.diagnose(.notAFunction, at: attribute)
            return []
        }
        guard let tool = ToolFunction(function, attribute, context) else { return [] }
        return [DeclSyntax(stringLiteral: tool.expansion)]
    }
}
