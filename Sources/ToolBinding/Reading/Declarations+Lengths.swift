extension Declarations.Function {
    /// The lengths of arrays that the compiler can compute, because they are not parameters.
    var lengthExpressions: [String] {
        let names = Set(parameters.compactMap(\.name))
        return parameters.compactMap(\.length).filter { !$0.isEmpty && !names.contains($0) }
    }
}

extension Declarations {
    /// Returns the length in the declaration of an array parameter.
    ///
    /// In a syntax tree of clang, the parameter is a pointer.
    ///
    /// - Parameters:
    ///   - source: The declaration: `unsigned char digest[16]`, `const int v[static 4]`, or `uuid_t id` for an array
    ///     type.
    ///   - name: The name of the parameter.
    /// - Returns: An expression, an empty string for `int v[]`, or nil for anything else.
    func length(declaredBy source: String, _ name: String?) -> String? {
        source.hasSuffix("]") ? Self.lengthInBrackets(source) : lengthOfAlias(in: source, name)
    }

    private static func lengthInBrackets(_ source: String) -> String? {
        guard source.count(where: { $0 == "[" }) == 1 else { return nil }
        let words = source.drop { $0 != "[" }.dropFirst().dropLast().split(separator: " ")
        let expression = words.drop { ["static", "const", "restrict"].contains($0) }.joined(separator: " ")
        // clang evaluates the expression, so it must not contain other syntax.
        let isExpression = expression.allSatisfy { character in
            character.isASCII && (character.isLetter || character.isNumber || "_+-*/() ".contains(character))
        }
        return isExpression && expression.utf8.count <= 200 ? expression : nil
    }

    private func lengthOfAlias(in source: String, _ name: String?) -> String? {
        guard !source.contains("*") else { return nil }
        let words = source.split { !($0.isLetter || $0.isNumber || $0 == "_") }
        for word in words where word != name ?? "" {
            guard case .array(_, let count) = resolved(.alias(String(word))), count > 0 else { continue }
            return String(count)
        }
        return nil
    }
}
