import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

/// The macro `@ToolPlugin`: adds the entry point of a plugin.
struct ToolPluginMacro: PeerMacro {
    static func expansion(
        of attribute: AttributeSyntax,
        providingPeersOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) -> [DeclSyntax] {
        guard let variable = declaration.as(VariableDeclSyntax.self), variable.bindings.count == 1,
            variable.bindingSpecifier.tokenKind == .keyword(.let), context.lexicalContext.isEmpty,
            let name = variable.bindings.first?.pattern.as(IdentifierPatternSyntax.self)?.identifier
        else {
            context.diagnose(.notAPlugin, at: attribute)
            return []
        }
        return [
            """
            @c(tool_plugin_register_v1)
            public func toolPluginRegisterV1(_ host: UnsafeRawPointer?) -> UnsafeRawPointer? {
                \(name.trimmed).export(host)
            }
            """
        ]
    }
}
