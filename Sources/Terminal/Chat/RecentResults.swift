/// The last results of calls, by number, in a bounded amount of memory.
package struct RecentResults: Sendable {
    /// A result with a number.
    private struct Entry: Sendable {
        let number: Int
        let title: String
        let text: String
        let isCut: Bool
    }

    /// The maximum number of results.
    static let countLimit = 50
    /// The maximum number of bytes of one result.
    static let textLimit = 2 << 20
    /// The maximum number of bytes of all results.
    static let totalLimit = 16 << 20

    private var entries: [Entry] = []
    private var size = 0
    private var last = 0

    package init() {}

    /// The numbers of the results, oldest first.
    package var numbers: [Int] { entries.map(\.number) }

    /// Adds a result, and removes the oldest ones beyond the limits.
    ///
    /// - Parameters:
    ///   - title: A name such as that of the tool, which is untrusted.
    ///   - pieces: Calls its argument with each piece of the untrusted text.
    /// - Returns: The number of the result. Numbers begin at 1 and are not used again.
    package mutating func add(_ title: String, _ pieces: ((String) -> Void) -> Void) -> Int {
        var text = ""
        var isCut = false
        pieces { piece in
            if isCut { return }
            let room = Self.textLimit - text.utf8.count
            isCut = piece.utf8.count > room
            // A scalar has at most four bytes.
            text += isCut ? String(piece.unicodeScalars.prefix(room / 4)) : piece
        }
        last += 1
        let title = TerminalText.oneLine(title, limit: 200)
        entries.append(Entry(number: last, title: title, text: text, isCut: isCut))
        size += text.utf8.count
        while entries.count > Self.countLimit || size > Self.totalLimit {
            size -= entries.removeFirst().text.utf8.count
        }
        return last
    }

    /// Returns the whole result, or nil if there is none with the number.
    package func whole(_ number: Int, columns: Int) -> [StyledText]? {
        guard let entry = entries.first(where: { $0.number == number }) else { return nil }
        var renderer = PlainRenderer(columns: columns, isVerbatim: true)
        var rows = [StyledText(safe: "  "), StyledText(safe: entry.title + "\n", .bold)]
        rows += renderer.append(entry.text) + renderer.finish()
        if entry.isCut { rows.append(StyledText(safe: "  … the rest was not kept\n", .dim)) }
        return rows
    }

    /// Returns the first rows of a result, and how to show the rest.
    ///
    /// - Parameter rowLimit: The maximum number of rows of the result.
    package func preview(_ number: Int, columns: Int, rowLimit: Int = 3) -> [StyledText] {
        guard let entry = entries.first(where: { $0.number == number }) else { return [] }
        let scalars = entry.text.unicodeScalars
        // No more scalars than the rows can have. Each has at least one column, except a line break.
        let begin = scalars.prefix(rowLimit * max(columns, 10))
        var renderer = PlainRenderer(columns: columns, style: .dim)
        let text = (renderer.append(String(begin)) + renderer.finish()).map(\.text).joined()
        let rows = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let shown = rows.prefix(rowLimit).map { $0 + "\n" }.joined()
        if rows.count <= rowLimit, begin.endIndex == scalars.endIndex, !entry.isCut {
            return shown.isEmpty ? [] : [StyledText(safe: shown, .dim)]
        }
        return [StyledText(safe: shown + "  … \(entry.text.utf8.count.grouped) bytes: /show \(number)\n", .dim)]
    }
}
