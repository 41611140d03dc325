import ToolJSON

/// Functions that build the phrases of messages.
enum Words {
    /// Returns a list such as `a, b or c`.
    ///
    /// Above the limit, the list ends with the number of omitted items.
    static func list(_ words: [String], last conjunction: String = "or", limit: Int = 16) -> String {
        list(words, last: conjunction, limit: limit) { $0 }
    }

    /// Returns a list of items.
    ///
    /// Only the items that are shown are converted to strings.
    static func list<Item>(
        _ items: [Item],
        last conjunction: String = "or",
        limit: Int = 16,
        _ words: (Item) -> String
    ) -> String {
        if items.count > limit {
            return items.prefix(limit).map(words).joined(separator: ", ") + " and \(items.count - limit) more"
        }
        guard let last = items.last else { return "" }
        if items.count == 1 { return words(last) }
        return items.dropLast().map(words).joined(separator: ", ") + " \(conjunction) " + words(last)
    }

    /// Returns a string as a JSON string literal, shortened to 80 characters.
    static func quoted(_ text: String) -> String {
        JSON.string(shortened(text, to: 80)).text()
    }

    /// Returns at most `length` characters of a value as JSON, followed by an ellipsis if it is longer.
    static func json(_ value: JSON, to length: Int) -> String {
        // A character can consist of several bytes.
        let text = value.text(upTo: 4 * length)
        return text.isWhole ? shortened(text.text, to: length) : text.text.prefix(length) + "…"
    }

    /// Returns at most `length` characters of a string, followed by an ellipsis if it is longer.
    static func shortened(_ text: String, to length: Int) -> String {
        guard text.utf8.count > length else { return text }
        // A character can consist of any number of scalars, so the scalars are bounded, too.
        let scalars = text.unicodeScalars.prefix(4 * length)
        let start = Substring(scalars).prefix(length)
        return start.endIndex == text.endIndex ? text : start + "…"
    }

    /// Returns a number as it was written, shortened to 80 characters.
    static func number(_ number: JSONNumber) -> String {
        shortened(number.literal, to: 80)
    }

    /// Returns a place such as `a.b[0]`.
    ///
    /// The middle of a long one is omitted.
    static func shortenedPlace(_ place: String) -> String {
        guard place.utf8.count > 2 * 120, place.count > 2 * 120 else { return place }
        return place.prefix(120) + "…" + place.suffix(120)
    }

    /// Returns a count with its noun: `1 character`, `2 characters`.
    static func count(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
