import SwiftDiagnostics
import SwiftParser
import SwiftSyntax
import SwiftSyntaxMacroExpansion
import SwiftSyntaxMacros
import Testing

@testable import ToolPluginMacros

/// The expansion of the macros in a source, with their diagnostics.
struct Expansion {
    /// A diagnostic: its identifier, its place and its fix-its.
    struct Remark: Equatable, CustomStringConvertible {
        let id: String
        /// The source of the node that it points at.
        let token: String
        var fixes: [String] = []

        var description: String { "\(id) at \(token)" + (fixes.isEmpty ? "" : ", fixes \(fixes)") }
    }

    let text: String
    let remarks: [Remark]
    let messages: [String]
    /// The source after the first fix-it, or nil without one.
    let fixed: String?

    init(_ source: String) {
        let file = Parser.parse(source: source)
        let context = BasicMacroExpansionContext(
            sourceFiles: [file: .init(moduleName: "Fixture", fullFilePath: "Fixture.swift")]
        )
        let macros: [String: any Macro.Type] = [
            "Tool": ToolMacro.self, "ToolPlugin": ToolPluginMacro.self, "ToolSchema": ToolSchemaMacro.self,
            "ToolSet": ToolSetMacro.self,
        ]
        let expanded = file.expand(macros: macros) { node in
            BasicMacroExpansionContext(sharingWith: context, lexicalContext: node.allMacroLexicalContexts())
        }
        text = expanded.description
        fixed = context.diagnostics.lazy.compactMap(\.fixIts.first?.changes.first).first.map { change in
            guard case .replace(let old, let new) = change else { return "another kind of change: \(change)" }
            return source.replacing(old.description, with: new.description, maxReplacements: 1)
        }
        messages = context.diagnostics.map(\.message)
        remarks = context.diagnostics.map { diagnostic in
            Remark(
                id: diagnostic.diagnosticID.name,
                token: diagnostic.node.trimmedDescription,
                fixes: diagnostic.fixIts.map(\.message.fixItID.name)
            )
        }
    }
}

extension MessageID {
    /// The identifier without its domain.
    ///
    /// The type has no accessor for it.
    fileprivate var name: String {
        Mirror(reflecting: self).children.first { $0.label == "id" }.map { "\($0.value)" } ?? "\(self)"
    }
}
