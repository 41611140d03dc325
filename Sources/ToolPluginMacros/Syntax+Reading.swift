import SwiftParser
import SwiftSyntax
import SwiftSyntaxBuilder

extension TypeSyntax {
    /// True if the type is spelled as an optional.
    var isOptional: Bool {
        if self.is(OptionalTypeSyntax.self) { return true }
        return self.as(IdentifierTypeSyntax.self)?.name.text == "Optional"
    }

    /// The name of the type, without its module or enclosing type.
    var lastName: String? {
        self.as(IdentifierTypeSyntax.self)?.name.text ?? self.as(MemberTypeSyntax.self)?.name.text
    }
}

extension ExprSyntax {
    /// The value of a string literal without interpolation, or nil for any other expression.
    var plainText: String? { self.as(StringLiteralExprSyntax.self)?.representedLiteralValue }

    var isPlainText: Bool { plainText != nil }

    /// True for a number literal, with or without a sign.
    private var isPlainNumber: Bool {
        if let prefix = self.as(PrefixOperatorExprSyntax.self) {
            return prefix.operator.text == "-" && prefix.expression.isPlainNumber
        }
        return self.is(IntegerLiteralExprSyntax.self) || self.is(FloatLiteralExprSyntax.self)
    }

    /// The value of a number literal, NaN for an unsupported notation, or nil for any other expression.
    var plainNumber: Double? {
        isPlainNumber ? Double(trimmedDescription.filter { $0 != "_" }) ?? .nan : nil
    }

    /// The bounds of a range of number literals (`1...10`, `1...`, `...10`), or nil for any other expression.
    var plainRange: (lowest: Double?, highest: Double?)? {
        if let prefix = self.as(PrefixOperatorExprSyntax.self) {
            return prefix.operator.text == "..." ? prefix.expression.plainNumber.map { (nil, $0) } : nil
        }
        if let postfix = self.as(PostfixOperatorExprSyntax.self) {
            return postfix.operator.text == "..." ? postfix.expression.plainNumber.map { ($0, nil) } : nil
        }
        let parts: [ExprSyntax]
        if let infix = self.as(InfixOperatorExprSyntax.self) {
            parts = [infix.leftOperand, infix.operator, infix.rightOperand]
        } else {
            parts = self.as(SequenceExprSyntax.self)?.elements.map(\.self) ?? []
        }
        guard parts.count == 3, parts[1].trimmedDescription == "...", let lowest = parts[0].plainNumber,
            let highest = parts[2].plainNumber
        else { return nil }
        return (lowest, highest)
    }

    /// True for a literal, or an array or dictionary of literals, whose value is always the same.
    var isLiteral: Bool { consists { $0.isPlainNumber || $0.isPlainText || $0.is(BooleanLiteralExprSyntax.self) } }

    /// True for an expression that consists of literals and members, such as `.metric` and `Units.metric`.
    ///
    /// A member may be the case of an enum, or a property such as `.now`.
    var isPlain: Bool {
        consists { part in
            if part.isLiteral { return true }
            guard let member = part.as(MemberAccessExprSyntax.self) else { return false }
            return member.base.map { $0.is(DeclReferenceExprSyntax.self) || $0.is(MemberAccessExprSyntax.self) } ?? true
        }
    }

    /// Returns true if a predicate is true for the expression, or for all elements of an array or dictionary.
    private func consists(of isPart: (ExprSyntax) -> Bool) -> Bool {
        if let array = self.as(ArrayExprSyntax.self) {
            return array.elements.allSatisfy { $0.expression.consists(of: isPart) }
        }
        if let dictionary = self.as(DictionaryExprSyntax.self) {
            guard case .elements(let elements) = dictionary.content else { return true }
            return elements.allSatisfy { $0.key.consists(of: isPart) && $0.value.consists(of: isPart) }
        }
        return isPart(self)
    }
}

extension DeclModifierListSyntax {
    func contains(_ keyword: Keyword) -> Bool {
        contains { $0.name.tokenKind == .keyword(keyword) }
    }

    /// The access level with a trailing space, or an empty string for internal.
    var access: String {
        for modifier in self where modifier.detail == nil {
            switch modifier.name.tokenKind {
            case .keyword(.public), .keyword(.open): return "public "
            case .keyword(.package): return "package "
            // A private declaration would be hidden from its siblings.
            case .keyword(.fileprivate), .keyword(.private): return "fileprivate "
            default: continue
            }
        }
        return ""
    }
}

extension MemberBlockItemListSyntax {
    /// Returns the members inside `#if` that match a predicate.
    ///
    /// A macro cannot know whether they are compiled.
    func conditional(_ isMatch: (DeclSyntax) -> Bool) -> [DeclSyntax] {
        compactMap { $0.decl.as(IfConfigDeclSyntax.self) }.flatMap { condition in
            condition.clauses.flatMap { clause -> [DeclSyntax] in
                guard case .decls(let members)? = clause.elements else { return [] }
                return members.map(\.decl).filter(isMatch) + members.conditional(isMatch)
            }
        }
    }
}

extension AttributeListSyntax {
    /// Returns the attribute with a name, from any module.
    func attribute(_ name: String) -> AttributeSyntax? {
        for case .attribute(let attribute) in self where attribute.attributeName.lastName == name { return attribute }
        return nil
    }
}

extension AttributeSyntax {
    /// The arguments by label.
    ///
    /// An argument without a label has an empty key.
    var argumentsByLabel: [String: ExprSyntax] {
        guard case .argumentList(let list)? = arguments else { return [:] }
        return Dictionary(list.map { ($0.label?.text ?? "", $0.expression) }, uniquingKeysWith: { first, _ in first })
    }
}

extension TokenSyntax {
    /// The text without backquotes.
    var plainName: String {
        text.first == "`" ? String(text.dropFirst().dropLast()) : text
    }
}

extension String {
    /// The string as a Swift literal.
    var literal: String { StringLiteralExprSyntax(content: self).description }

    /// The name in snake case, as in names of tools: `get_http_status` for `getHTTPStatus`.
    var snakeCase: String {
        var result = ""
        let characters = Array(self)
        for (index, character) in characters.enumerated() {
            if character.isUppercase, index > 0, characters[index - 1] != "_" {
                let followsLower = !characters[index - 1].isUppercase
                let precedesLower = index + 1 < characters.count && characters[index + 1].isLowercase
                if followsLower || precedesLower { result += "_" }
            }
            result += character.lowercased()
        }
        return result
    }

    /// True if the prompt formats of models allow the string as the name of a tool.
    var isToolName: Bool {
        guard let first = utf8.first, utf8.count <= 64, first == UInt8(ascii: "_") || Self.isLetter(first) else {
            return false
        }
        return utf8.allSatisfy { Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}
