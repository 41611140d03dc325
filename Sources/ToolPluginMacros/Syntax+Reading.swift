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

    /// The number that is written, or NaN where it is in a notation that is not read here; `nil` for anything else.
    var plainNumber: Double? {
        isPlainNumber ? Double(trimmedDescription.filter { $0 != "_" }) ?? .nan : nil
    }

    /// The ends of a range of written numbers: `1...10`, `1...`, `...10`; `nil` for anything else.
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

    /// Whether it is a literal, or an array or dictionary of them: it means the same wherever and whenever it is read.
    var isLiteral: Bool { isMade { $0.isPlainNumber || $0.isPlainText || $0.is(BooleanLiteralExprSyntax.self) } }

    /// Whether it is made of literals and of members like `.metric` and `Units.metric`.
    ///
    /// They may be cases of an enum, and may as well be `.now`.
    var isPlain: Bool {
        isMade { part in
            if part.isLiteral { return true }
            guard let member = part.as(MemberAccessExprSyntax.self) else { return false }
            return member.base.map { $0.is(DeclReferenceExprSyntax.self) || $0.is(MemberAccessExprSyntax.self) } ?? true
        }
    }

    /// Whether it is of a kind, or an array or dictionary all of whose parts are.
    private func isMade(of isPart: (ExprSyntax) -> Bool) -> Bool {
        if let array = self.as(ArrayExprSyntax.self) {
            return array.elements.allSatisfy { $0.expression.isMade(of: isPart) }
        }
        if let dictionary = self.as(DictionaryExprSyntax.self) {
            guard case .elements(let elements) = dictionary.content else { return true }
            return elements.allSatisfy { $0.key.isMade(of: isPart) && $0.value.isMade(of: isPart) }
        }
        return isPart(self)
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

extension MemberBlockItemListSyntax {
    /// The members of a kind that stand inside of `#if`: what they are when the program is built, a macro cannot know.
    func conditional(_ isSought: (DeclSyntax) -> Bool) -> [DeclSyntax] {
        compactMap { $0.decl.as(IfConfigDeclSyntax.self) }.flatMap { condition in
            condition.clauses.flatMap { clause -> [DeclSyntax] in
                guard case .decls(let members)? = clause.elements else { return [] }
                return members.map(\.decl).filter(isSought) + members.conditional(isSought)
            }
        }
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
