import SwiftCompilerPlugin
import SwiftSyntaxMacros

@main struct Plugin: CompilerPlugin {
    let providingMacros: [any Macro.Type] = [
        ToolMacro.self, ToolPluginMacro.self, ToolSchemaMacro.self, ToolSetMacro.self,
    ]
}
