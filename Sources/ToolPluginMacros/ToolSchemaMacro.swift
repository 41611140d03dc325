import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

/// The macro `@ToolSchema`: makes an enum or a struct conform to `ToolValue`.
struct ToolSchemaMacro: ExtensionMacro {
    static func expansion(
        of attribute: AttributeSyntax,
        attachedTo declaration: some DeclGroupSyntax,
        providingExtensionsOf type: some TypeSyntaxProtocol,
        conformingTo protocols: [TypeSyntax],
        in context: some MacroExpansionContext
    ) -> [ExtensionDeclSyntax] {
        if let clause = declaration.asProtocol((any WithGenericParametersSyntax).self)?.genericParameterClause {
            context.diagnose(.genericSchema, at: clause)
            return []
        }
        let hidden = declaration.memberBlock.members.conditional {
            $0.is(EnumCaseDeclSyntax.self) || $0.as(VariableDeclSyntax.self)?.hasStorage == true
        }
        for member in hidden { context.diagnose(.conditionalMember, at: member) }
        let members: String?
        if let declaration = declaration.as(EnumDeclSyntax.self) {
            members = enumMembers(declaration, context)
        } else if let declaration = declaration.as(StructDeclSyntax.self) {
            members = structMembers(declaration, context)
        } else {
            context.diagnose(.notASchema, at: attribute)
            return []
        }
        guard let members else { return [] }
        let text = DeclSyntax(stringLiteral: "extension \(type.trimmedDescription): ToolValue {\n\(members)\n}")
        return text.as(ExtensionDeclSyntax.self).map { [$0] } ?? []
    }

    // MARK: - Enums

    private static let rawTypes: Set<String> = [
        "String", "Int", "Int8", "Int16", "Int32", "Int64", "UInt", "UInt8", "UInt16", "UInt32", "UInt64",
    ]

    private static func enumMembers(_ type: EnumDeclSyntax, _ context: some MacroExpansionContext) -> String? {
        let inherited = type.inheritanceClause?.inheritedTypes.map(\.type.trimmedDescription) ?? []
        guard let first = inherited.first, rawTypes.contains(first) else {
            context.diagnose(.enumWithoutRawType, at: type.name, addingRawType(to: type))
            return nil
        }
        var values: [String] = []
        for member in type.memberBlock.members {
            guard let cases = member.decl.as(EnumCaseDeclSyntax.self) else { continue }
            let comment = DocComment(member.leadingTrivia).text
            for element in cases.elements {
                if let payload = element.parameterClause {
                    context.diagnose(.enumWithPayload, at: payload)
                    return nil
                }
                values.append("(Self.\(element.name.text).rawValue, \(comment.literal))")
            }
        }
        return """
                \(type.modifiers.access)static var toolSchema: JSONObject {
                    ToolParameter.enumSchema(description: \(DocComment(type.leadingTrivia).text.literal), [
                        \(values.joined(separator: ",\n            "))
                    ])
                }
            """
    }

    private static func addingRawType(to type: EnumDeclSyntax) -> FixIt {
        let (id, message) = ("addRawType", "add the raw type String")
        if let clause = type.inheritanceClause {
            // The raw type must be the first.
            let text = InheritedTypeSyntax(
                type: TypeSyntax("String"),
                trailingComma: .commaToken(trailingTrivia: .space)
            )
            return .change(id, message, clause, to: clause.with(\.inheritedTypes, [text] + clause.inheritedTypes))
        }
        let name = TokenSyntax.identifier("\(type.name.text): String", trailingTrivia: type.name.trailingTrivia)
        return .change(id, message, type.name, to: name)
    }

    // MARK: - Structs

    private static func structMembers(_ type: StructDeclSyntax, _ context: some MacroExpansionContext) -> String? {
        guard let properties = properties(of: type, context) else { return nil }
        let access = type.modifiers.access
        let memberwise = memberwiseInitializer(of: type, properties).map { "\n\n" + $0 } ?? ""
        let declarations = properties.map { "                \($0.declaration)" }.joined(separator: ",\n")
        let reads = properties.map { "        self.\($0.label ?? $0.name) = try \($0.value(of: "members"))" }
        let writes = properties.map { "            \($0.name.literal): self.\($0.label ?? $0.name).toolValue" }
        return """
                \(access)static var toolSchema: JSONObject {
                    ToolParameter.objectSchema(of: Self.self, description: \(DocComment(type.leadingTrivia).text.literal)) {
                        [
            \(declarations)
                        ]
                    }
                }

                \(access)init(toolValue: JSON) throws(ToolValueError) {
                    \(properties.isEmpty ? "_" : "let members") = try ToolArguments(toolValue)
            \(reads.joined(separator: "\n"))
                }

                \(access)var toolValue: JSON {
                    [
            \(writes.isEmpty ? "            :" : writes.joined(separator: ",\n"))
                    ]
                }\(memberwise)
            """
    }

    /// Returns a memberwise initializer that takes values, if the one of the compiler would take wrappers.
    private static func memberwiseInitializer(of type: StructDeclSyntax, _ properties: [Argument]) -> String? {
        let isNeeded = properties.contains { !$0.limits.expressions.isEmpty && $0.defaultValue == nil }
        let hasOwn = type.memberBlock.members.contains { $0.decl.is(InitializerDeclSyntax.self) }
        guard isNeeded, !hasOwn else { return nil }
        let parameters = properties.map { property in
            let fallback = property.defaultValue?.trimmedDescription ?? (property.type.isOptional ? "nil" : nil)
            return "        \(property.label ?? property.name): \(property.type.trimmedDescription)"
                + (fallback.map { " = " + $0 } ?? "")
        }
        let assignments = properties.map { property in
            let name = property.label ?? property.name
            return "        self.\(name) = \(name)"
        }
        return """
                \(type.modifiers.access)init(
            \(parameters.joined(separator: ",\n"))
                ) {
            \(assignments.joined(separator: "\n"))
                }
            """
    }

    private static func properties(of type: StructDeclSyntax, _ context: some MacroExpansionContext) -> [Argument]? {
        let keys = codingKeys(of: type)
        var properties: [Argument] = []
        var isValid = true
        for member in type.memberBlock.members {
            guard let variable = member.decl.as(VariableDeclSyntax.self), variable.hasStorage else { continue }
            let isConstant = variable.bindingSpecifier.tokenKind == .keyword(.let)
            for binding in variable.bindings {
                guard let name = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier, binding.isStored,
                    !(isConstant && binding.initializer != nil)
                else { continue }
                if let keys, keys[name.plainName] == nil { continue }
                guard let written = binding.typeAnnotation?.type ?? binding.initializer?.value.literalType else {
                    context.diagnose(.untypedProperty, at: binding)
                    isValid = false
                    continue
                }
                guard Argument.check(written, context),
                    let limits = Argument.limits(
                        in: variable.attributes,
                        of: binding.initializer?.value,
                        as: written,
                        context
                    )
                else {
                    isValid = false
                    continue
                }
                properties.append(
                    Argument(
                        name: keys?[name.plainName] ?? name.plainName,
                        label: name.text,
                        type: written,
                        defaultValue: binding.initializer?.value,
                        limits: limits,
                        description: DocComment(variable.leadingTrivia).text
                    )
                )
            }
        }
        return isValid ? properties : nil
    }

    /// Returns the names in JSON by the names of the properties, if the struct has `CodingKeys`.
    private static func codingKeys(of type: StructDeclSyntax) -> [String: String]? {
        for member in type.memberBlock.members {
            guard let keys = member.decl.as(EnumDeclSyntax.self), keys.name.text == "CodingKeys" else { continue }
            var names: [String: String] = [:]
            for member in keys.memberBlock.members {
                for element in member.decl.as(EnumCaseDeclSyntax.self)?.elements ?? [] {
                    names[element.name.plainName] = element.rawValue?.value.plainText ?? element.name.plainName
                }
            }
            return names
        }
        return nil
    }
}

extension VariableDeclSyntax {
    /// True for instance properties with storage.
    fileprivate var hasStorage: Bool {
        !modifiers.contains(.static) && !modifiers.contains(.lazy) && bindings.contains(where: \.isStored)
    }
}

extension PatternBindingSyntax {
    /// True if the property is stored and not computed.
    fileprivate var isStored: Bool {
        switch accessorBlock?.accessors {
        case nil: true
        case .getter?: false
        case .accessors(let accessors)?:
            accessors.allSatisfy { ["willSet", "didSet"].contains($0.accessorSpecifier.text) }
        }
    }
}

extension ExprSyntax {
    /// The default type of a literal, or nil for any other expression.
    fileprivate var literalType: TypeSyntax? {
        if isPlainText { return "String" }
        if self.is(BooleanLiteralExprSyntax.self) { return "Bool" }
        let number = self.as(PrefixOperatorExprSyntax.self)?.expression ?? self
        if number.is(IntegerLiteralExprSyntax.self) { return "Int" }
        return number.is(FloatLiteralExprSyntax.self) ? "Double" : nil
    }
}
