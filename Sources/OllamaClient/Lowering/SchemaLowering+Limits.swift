import ToolJSON

// MARK: - Limits in words

extension SchemaLowering {
    private static let longestPhrase = 120

    /// Returns a phrase for keywords, noted as folded, or nil if it is too long, which is noted as lost.
    mutating func fold(_ phrase: String, _ paths: [String]) -> String? {
        let fits = phrase.utf8.count <= Self.longestPhrase
        for path in paths {
            if fits {
                notes.add(.folded, at: path, "Told in the description: \(phrase).")
            } else {
                notes.add(.lost, at: path, "Not sent, and too long to be told in the description.")
            }
        }
        return fits ? phrase : nil
    }

    private mutating func fold(_ phrase: String?, _ facets: [UnsupportedKeyword]) -> String? {
        if let phrase { return fold(phrase, facets.map(\.path)) }
        for facet in facets { notes.add(.lost, at: facet.path, "Not sent: its value says nothing here.") }
        return nil
    }

    /// The limits of a value as a phrase: "from 1 to 100, multiple of 5; default 1".
    mutating func limits(_ facets: inout FacetTable) -> String? {
        let limits = [
            range(&facets),
            each("multipleOf", &facets) { $0.number.map { "multiple of \($0.literal)" } },
            count("Length", "character", "characters", &facets),
            each("pattern", &facets) { $0.string.map { "matching `\($0)`" } },
            each("format", &facets) { $0.string.map { "format \($0)" } },
            each("contentEncoding", &facets) { $0.string.map { "encoded as \($0)" } },
            each("contentMediaType", &facets) { $0.string.map { "of type \($0)" } },
            count("Items", "item", "items", &facets),
            flag("uniqueItems", "no duplicates", &facets),
            count("Properties", "entry", "entries", &facets),
        ]
        let remarks = [
            each("default", &facets) { $0.isNull ? nil : "default \($0.shortText)" },
            each("examples", &facets) { value in value.array.map { "for example " + Self.examples($0) } },
            each("example", &facets) { "for example \($0.shortText)" },
            flag("deprecated", "deprecated", &facets),
        ]
        let parts = [limits.compactMap(\.self).joined(separator: ", ")] + remarks.compactMap(\.self)
        let phrase = parts.filter { !$0.isEmpty }.joined(separator: "; ")
        return phrase.isEmpty ? nil : phrase
    }

    /// As many examples as make a short phrase.
    private static func examples(_ values: [JSON]) -> String {
        var text = values.first?.shortText ?? ""
        for value in values.dropFirst().prefix(4) where text.utf8.count < 60 { text += ", " + value.shortText }
        return text
    }

    private mutating func each(
        _ keyword: String,
        _ facets: inout FacetTable,
        _ phrase: (JSON) -> String?
    ) -> String? {
        let phrases = facets.take(keyword).compactMap { facet in fold(phrase(facet.value), [facet]) }
        return phrases.isEmpty ? nil : phrases.joined(separator: ", ")
    }

    private mutating func flag(_ keyword: String, _ phrase: String, _ facets: inout FacetTable) -> String? {
        let taken = facets.take(keyword).filter { $0.value != false }
        guard !taken.isEmpty else { return nil }
        return fold(taken.contains { $0.value == true } ? phrase : nil, taken)
    }

    // MARK: Numbers

    private struct Bound {
        let number: JSONNumber
        let isExclusive: Bool
    }

    private mutating func range(_ facets: inout FacetTable) -> String? {
        let lower = bound("minimum", "exclusiveMinimum", &facets) { $0 > $1 }
        let upper = bound("maximum", "exclusiveMaximum", &facets) { $0 < $1 }
        let phrase: String
        switch (lower?.bound, upper?.bound) {
        case (nil, nil): return nil
        case (let least?, let most?) where !least.isExclusive && !most.isExclusive:
            phrase = least.number == most.number ? "exactly \(least.number)" : "from \(least.number) to \(most.number)"
        case (let least, let most):
            let phrases = [
                least.map { ($0.isExclusive ? "more than " : "at least ") + $0.number.literal },
                most.map { ($0.isExclusive ? "less than " : "at most ") + $0.number.literal },
            ]
            phrase = phrases.compactMap(\.self).joined(separator: " and ")
        }
        return fold(phrase, (lower?.facets ?? []) + (upper?.facets ?? []))
    }

    /// The tightest bound on one side.
    private mutating func bound(
        _ inclusive: String,
        _ exclusive: String,
        _ facets: inout FacetTable,
        isTighter: (Double, Double) -> Bool
    ) -> (bound: Bound, facets: [UnsupportedKeyword])? {
        let including = facets.take(inclusive)
        // In draft 4 the exclusive keyword was a mark on the other one.
        let (marks, excluding) = facets.take(exclusive).split { $0.value.bool != nil }
        let isMarked = marks.contains { $0.value == true }
        var tightest: Bound?
        var used = isMarked ? marks : []
        for facet in including + excluding {
            guard let number = facet.value.number else {
                _ = fold(nil, [facet])
                continue
            }
            used.append(facet)
            let bound = Bound(number: number, isExclusive: facet.keyword == exclusive || isMarked)
            if let tight = tightest,
                tight.number == number ? tight.isExclusive : !isTighter(number.double, tight.number.double)
            {
                continue
            }
            tightest = bound
        }
        return tightest.map { ($0, used) }
    }

    // MARK: Counts

    private mutating func count(
        _ what: String,
        _ one: String,
        _ many: String,
        _ facets: inout FacetTable
    ) -> String? {
        let (lower, least) = counts(facets.take("min" + what))
        let (upper, most) = counts(facets.take("max" + what))
        // At least none says nothing.
        let minimum = least.max().flatMap { $0 > 0 ? $0 : nil }
        func counted(_ number: Int) -> String { "\(number) \(number == 1 ? one : many)" }
        let phrase: String
        switch (minimum, most.min()) {
        case (nil, nil): return nil
        case (let least?, let most?) where least == most: phrase = "exactly \(counted(least))"
        case (let least?, let most?): phrase = "\(least) to \(counted(most))"
        case (let least?, nil): phrase = "at least \(counted(least))"
        case (nil, let most?): phrase = "at most \(counted(most))"
        }
        return fold(phrase, (minimum == nil ? [] : lower) + upper)
    }

    private mutating func counts(_ facets: [UnsupportedKeyword]) -> (facets: [UnsupportedKeyword], numbers: [Int]) {
        let (counts, others) = facets.split { $0.value.int.map { $0 >= 0 } == true }
        _ = fold(nil, others)
        return (counts, counts.compactMap(\.value.int))
    }
}

extension [UnsupportedKeyword] {
    fileprivate func split(_ isFirst: (UnsupportedKeyword) -> Bool) -> (
        first: [UnsupportedKeyword], second: [UnsupportedKeyword]
    ) {
        (filter(isFirst), filter { !isFirst($0) })
    }
}
