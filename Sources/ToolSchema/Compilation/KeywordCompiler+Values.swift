import ToolJSON

// MARK: - The values of keywords

extension KeywordCompiler {
    func wrong(_ keyword: String, _ value: JSON, _ expected: String) -> SchemaError {
        SchemaError(
            .invalidSchema,
            at: location,
            "\"\(keyword)\" must be \(expected); it is \(Words.json(value, to: 80))."
        )
    }

    /// Returns the value of a keyword that must be an integer of at least 0, clamped to the range of `Int`.
    func count(_ keyword: String) throws(SchemaError) -> Int? {
        guard let value = members[keyword] else { return nil }
        guard let number = value.number, number.isInteger, number >= JSONNumber(0) else {
            throw wrong(keyword, value, "an integer that is not negative")
        }
        return number.int64.map(Int.init) ?? Int.max
    }

    /// Returns the unique names in an array.
    func names(
        _ value: JSON,
        _ keyword: String,
        _ compiler: inout SchemaCompiler
    ) throws(SchemaError) -> [String] {
        guard let names = value.array?.map(\.string), names.allSatisfy({ $0 != nil }) else {
            let expected = keyword == "required" ? "an array of names" : "an object of arrays of names"
            throw wrong(keyword, value, keyword == "dependencies" ? expected + " and schemas" : expected)
        }
        try compiler.spend(4 * names.count)
        var known: Set<ExactKey> = []
        return names.compactMap(\.self).filter { known.insert(ExactKey($0)).inserted }
    }

    func pattern(
        _ source: String,
        _ keyword: String,
        _ compiler: inout SchemaCompiler
    ) throws(SchemaError) -> Pattern {
        try compiler.spend(32 + 4 * source.utf8.count)
        let pattern: Pattern
        do {
            pattern = try Pattern(source)
        } catch {
            throw SchemaError(
                .invalidPattern,
                at: location,
                "The regular expression \(JSON.string(String(source.prefix(80))).text()) of \"\(keyword)\" cannot "
                    + "be used: \(error.message).",
                underlyingError: error
            )
        }
        // PCRE2 expands repetitions, so a short pattern can become large.
        try compiler.spend(pattern.size / 8)
        return pattern
    }
}
