extension Declarations {
    /// The length in the declaration of a parameter as an array, which clang's tree has as a pointer.
    ///
    /// - Parameters:
    ///   - source: `unsigned char digest[16]`, `const int v[static 4]`, or `uuid_t id` where that is an array.
    ///   - name: The name of the parameter.
    /// - Returns: An expression, or nil where there is none, or one that only a call could compute.
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
        return isExpression && !expression.isEmpty && expression.utf8.count <= 200 ? expression : nil
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
