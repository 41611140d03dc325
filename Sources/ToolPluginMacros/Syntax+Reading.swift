import SwiftParser
import SwiftSyntax
import SwiftSyntaxBuilder

extension TypeSyntax {
    /// Whether it is written as an optional.
    var isOptional: Bool {
        if self.is(OptionalTypeSyntax.self) { return true }
        return self.as(IdentifierTypeSyntax.self)?.name.text == "Optional"
    }

    /// The name of the type, without the module or the type that it stands in.
    var lastName: String? {
        self.as(IdentifierTypeSyntax.self)?.name.text ?? self.as(MemberTypeSyntax.self)?.name.text
    }
}

extension ExprSyntax {
    /// The text of a literal without interpolations.
    var plainText: String? { self.as(StringLiteralExprSyntax.self)?.representedLiteralValue }

    var isPlainText: Bool { plainText != nil }

    /// Whether it is a number, with a sign perhaps.
    private var isPlainNumber: Bool {
        if let prefix = self.as(PrefixOperatorExprSyntax.self) {
            return prefix.operator.text == "-" && prefix.expression.isPlainNumber
        }
        return self.is(IntegerLiteralExprSyntax.self) || self.is(FloatLiteralExprSyntax.self)
    }

    /// Whether it is a range of written numbers: `1...10`, `1...`, `...10`.
    var isPlainRange: Bool {
        if let prefix = self.as(PrefixOperatorExprSyntax.self) {
            return prefix.operator.text == "..." && prefix.expression.isPlainNumber
        }
        if let postfix = self.as(PostfixOperatorExprSyntax.self) {
            return postfix.operator.text == "..." && postfix.expression.isPlainNumber
        }
        if let infix = self.as(InfixOperatorExprSyntax.self) {
            return infix.operator.trimmedDescription == "..." && infix.leftOperand.isPlainNumber
                && infix.rightOperand.isPlainNumber
        }
        guard let parts = self.as(SequenceExprSyntax.self)?.elements.map(\.self), parts.count == 3 else { return false }
        return parts[0].isPlainNumber && parts[1].trimmedDescription == "..." && parts[2].isPlainNumber
    }

    /// Whether it means the same wherever it stands: a literal, or a member like `.metric`.
    var isPlain: Bool {
        if isPlainNumber || isPlainText || self.is(BooleanLiteralExprSyntax.self) { return true }
        if let array = self.as(ArrayExprSyntax.self) { return array.elements.allSatisfy(\.expression.isPlain) }
        if let dictionary = self.as(DictionaryExprSyntax.self) {
            guard case .elements(let elements) = dictionary.content else { return true }
            return elements.allSatisfy { $0.key.isPlain && $0.value.isPlain }
        }
        guard let member = self.as(MemberAccessExprSyntax.self) else { return false }
        return member.base.map { $0.is(DeclReferenceExprSyntax.self) || $0.is(MemberAccessExprSyntax.self) } ?? true
    }
}

extension DeclModifierListSyntax {
    func contains(_ keyword: Keyword) -> Bool {
        contains { $0.name.tokenKind == .keyword(keyword) }
    }

    /// Who may see it, with a space behind; nothing for those of the module.
    var access: String {
        for modifier in self where modifier.detail == nil {
            switch modifier.name.tokenKind {
            case .keyword(.public), .keyword(.open): return "public "
            case .keyword(.package): return "package "
            // What is private to a declaration would be hidden from what stands beside it.
            case .keyword(.fileprivate), .keyword(.private): return "fileprivate "
            default: continue
            }
        }
        return ""
    }
}

extension AttributeListSyntax {
    /// The attribute of a name, in whatever module.
    func attribute(_ name: String) -> AttributeSyntax? {
        for case .attribute(let attribute) in self where attribute.attributeName.lastName == name { return attribute }
        return nil
    }
}

extension AttributeSyntax {
    /// The arguments, those without a label under the empty name.
    var argumentsByLabel: [String: ExprSyntax] {
        guard case .argumentList(let list)? = arguments else { return [:] }
        return Dictionary(list.map { ($0.label?.text ?? "", $0.expression) }, uniquingKeysWith: { first, _ in first })
    }
}

extension TokenSyntax {
    /// A name, without the backquotes that let a keyword be one.
    var plainName: String {
        text.first == "`" ? String(text.dropFirst().dropLast()) : text
    }
}

extension String {
    /// The text as a literal of Swift.
    var literal: String { StringLiteralExprSyntax(content: self).description }

    /// The name as tools are named: `getHTTPStatus` is `get_http_status`.
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

    /// Whether models' prompt formats carry it as a tool's name.
    var isToolName: Bool {
        guard let first = utf8.first, utf8.count <= 64, first == UInt8(ascii: "_") || Self.isLetter(first) else {
            return false
        }
        return utf8.allSatisfy { Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}
