import ToolJSON

// MARK: - Descriptions of limits

extension SchemaLowering {
    private static let maximumPhraseLength = 120

    /// Notes that keywords are described by a phrase, or that they are dropped if the phrase is too long.
    ///
    /// - Returns: The phrase, or nil if it is too long.
    mutating func noting(_ phrase: String, for paths: [String]) -> String? {
        let fits = phrase.utf8.count <= Self.maximumPhraseLength
        for path in paths {
            if fits {
                notes.add(.described, at: path, "Added to the description: \(phrase).")
            } else {
                notes.add(.dropped, at: path, "Not sent: it is too long for the description.")
            }
        }
        return fits ? phrase : nil
    }

    private mutating func noting(_ phrase: String?, for keywords: [UnsupportedKeyword]) -> String? {
        if let phrase { return noting(phrase, for: keywords.map(\.path)) }
        dropUnusable(keywords)
        return nil
    }

    private mutating func dropUnusable(_ keywords: [UnsupportedKeyword]) {
        for keyword in keywords {
            notes.add(.dropped, at: keyword.path, "Not sent: its value cannot be described in words.")
        }
    }

    /// Removes the keywords for limits and returns their phrase: "from 1 to 100, multiple of 5; default 1".
    mutating func limits(_ unsupported: inout KeywordTable) -> String? {
        let limits = [
            range(&unsupported),
            each("multipleOf", &unsupported) { $0.number.map { "multiple of \($0.literal)" } },
            count("Length", "character", "characters", &unsupported),
            each("pattern", &unsupported) { $0.string.map { "matching `\($0)`" } },
            each("format", &unsupported) { $0.string.map { "format \($0)" } },
            each("contentEncoding", &unsupported) { $0.string.map { "encoded as \($0)" } },
            each("contentMediaType", &unsupported) { $0.string.map { "of type \($0)" } },
            count("Items", "item", "items", &unsupported),
            flag("uniqueItems", "no duplicates", &unsupported),
            count("Properties", "entry", "entries", &unsupported),
        ]
        let remarks = [
            each("default", &unsupported) { $0.isNull ? nil : "default \($0.shortText)" },
            each("examples", &unsupported) { value in value.array.map { "for example " + Self.examples($0) } },
            each("example", &unsupported) { "for example \($0.shortText)" },
            flag("deprecated", "deprecated", &unsupported),
        ]
        let parts = [limits.compactMap(\.self).joined(separator: ", ")] + remarks.compactMap(\.self)
        let phrase = parts.filter { !$0.isEmpty }.joined(separator: "; ")
        return phrase.isEmpty ? nil : phrase
    }

    /// Returns the first examples, up to the length of a short phrase.
    private static func examples(_ values: [JSON]) -> String {
        var text = values.first?.shortText ?? ""
        for value in values.dropFirst().prefix(4) where text.utf8.count < 60 { text += ", " + value.shortText }
        return text
    }

    private mutating func each(
        _ keyword: String,
        _ unsupported: inout KeywordTable,
        _ phrase: (JSON) -> String?
    ) -> String? {
        let phrases = unsupported.removeAll(named: keyword).compactMap { entry in
            noting(phrase(entry.value), for: [entry])
        }
        return phrases.isEmpty ? nil : phrases.joined(separator: ", ")
    }

    private mutating func flag(_ keyword: String, _ phrase: String, _ unsupported: inout KeywordTable) -> String? {
        let removed = unsupported.removeAll(named: keyword).filter { $0.value != false }
        guard !removed.isEmpty else { return nil }
        return noting(removed.contains { $0.value == true } ? phrase : nil, for: removed)
    }

    // MARK: Numbers

    private struct Bound {
        let number: JSONNumber
        let isExclusive: Bool
    }

    private mutating func range(_ unsupported: inout KeywordTable) -> String? {
        let lower = bound("minimum", "exclusiveMinimum", &unsupported) { $0 > $1 }
        let upper = bound("maximum", "exclusiveMaximum", &unsupported) { $0 < $1 }
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
        return noting(phrase, for: (lower?.keywords ?? []) + (upper?.keywords ?? []))
    }

    /// Returns the tightest bound on one side.
    private mutating func bound(
        _ inclusive: String,
        _ exclusive: String,
        _ unsupported: inout KeywordTable,
        isTighter: (Double, Double) -> Bool
    ) -> (bound: Bound, keywords: [UnsupportedKeyword])? {
        let including = unsupported.removeAll(named: inclusive)
        // In draft 4 the exclusive keyword is a flag that changes the inclusive one.
        let (flags, excluding) = unsupported.removeAll(named: exclusive).split { $0.value.bool != nil }
        let isExclusive = flags.contains { $0.value == true }
        var tightest: Bound?
        var used = isExclusive ? flags : []
        for entry in including + excluding {
            guard let number = entry.value.number else {
                dropUnusable([entry])
                continue
            }
            used.append(entry)
            let bound = Bound(number: number, isExclusive: entry.name == exclusive || isExclusive)
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
        _ subject: String,
        _ one: String,
        _ many: String,
        _ unsupported: inout KeywordTable
    ) -> String? {
        let (lower, least) = counts(unsupported.removeAll(named: "min" + subject))
        let (upper, most) = counts(unsupported.removeAll(named: "max" + subject))
        // A minimum of 0 has no effect.
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
        return noting(phrase, for: (minimum == nil ? [] : lower) + upper)
    }

    private mutating func counts(_ keywords: [UnsupportedKeyword]) -> (keywords: [UnsupportedKeyword], numbers: [Int]) {
        let (counts, others) = keywords.split { $0.value.int.map { $0 >= 0 } == true }
        dropUnusable(others)
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
