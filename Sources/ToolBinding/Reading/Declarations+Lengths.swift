extension Declarations.Function {
    /// The lengths of its arrays that the compiler can compute: no parameter tells them.
    var lengthExpressions: [String] {
        let names = Set(parameters.compactMap(\.name))
        return parameters.compactMap(\.length).filter { !$0.isEmpty && !names.contains($0) }
    }
}

extension Declarations {
    /// The length in the declaration of a parameter as an array, which clang's tree has as a pointer.
    ///
    /// - Parameters:
    ///   - source: `unsigned char digest[16]`, `const int v[static 4]`, or `uuid_t id` where that is an array.
    ///   - name: The name of the parameter.
    /// - Returns: An expression, an empty string for `int v[]`, or nil for anything else.
    func length(declaredBy source: String, _ name: String?) -> String? {
        source.hasSuffix("]") ? Self.lengthInBrackets(source) : lengthOfAlias(in: source, name)
    }

    private static func lengthInBrackets(_ source: String) -> String? {
        guard source.count(where: { $0 == "[" }) == 1 else { return nil }
        let words = source.drop { $0 != "[" }.dropFirst().dropLast().split(separator: " ")
        let expression = words.drop { ["static", "const", "restrict"].contains($0) }.joined(separator: " ")
        // clang is asked for its value: it must not be able to say anything else.
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
