/// The thinking of a model: dimmed text, or one line with its duration if it is folded.
package struct ThinkingText {
    /// The maximum number of bytes that are kept to show folded thinking later.
    static let limit = 256 << 10

    /// The thinking so far, without the pieces beyond a limit.
    package private(set) var text = ""
    private var isCut = false
    private let isFolded: Bool
    private let start: Duration
    private var renderer: PlainRenderer

    /// Begins the thinking.
    ///
    /// - Parameters:
    ///   - isFolded: True to show the duration only.
    ///   - start: The time, as a duration since a fixed moment.
    package init(columns: Int, isFolded: Bool, start: Duration) {
        (self.isFolded, self.start) = (isFolded, start)
        renderer = PlainRenderer(columns: columns, style: .dim)
    }

    /// The number of columns of the terminal, which may change at any time.
    package var columns: Int {
        get { renderer.columns }
        set { renderer.columns = newValue }
    }

    /// Adds a piece of the thinking.
    ///
    /// - Returns: The text to write now.
    package mutating func append(_ piece: String) -> [StyledText] {
        isCut = isCut || piece.utf8.count > Self.limit - text.utf8.count
        if !isCut { text += piece }
        return isFolded ? [] : renderer.append(piece)
    }

    /// Ends the thinking.
    ///
    /// - Returns: The rest of the text, or the line with the duration.
    package mutating func finish(at now: Duration) -> [StyledText] {
        isFolded ? [StyledText(safe: "  thinking… \((now - start).elapsed)\n", .dim)] : renderer.finish()
    }

    /// Returns the text of folded thinking.
    package func unfolded() -> [StyledText] {
        var renderer = PlainRenderer(columns: columns, style: .dim)
        let end = isCut ? [StyledText(safe: "  … the rest was not kept\n", .dim)] : []
        return renderer.append(text) + renderer.finish() + end
    }
}
