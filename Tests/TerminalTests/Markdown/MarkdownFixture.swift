@testable import Terminal

/// A rendering of Markdown, as a whole and in pieces.
enum MarkdownFixture {
    static func render(_ source: String, columns: Int = 40, keepsMarkers: Bool = false) -> [StyledText] {
        render([source], columns, keepsMarkers)
    }

    static func render(_ pieces: [String], _ columns: Int = 40, _ keepsMarkers: Bool = false) -> [StyledText] {
        var renderer = MarkdownRenderer(columns: columns, keepsMarkers: keepsMarkers)
        return pieces.flatMap { renderer.append($0) } + renderer.finish()
    }

    /// Returns the first way to cut the source that changes the rendering, or nil if there is none.
    static func difference(_ source: String, columns: Int = 40) -> (pieces: [String], rows: String)? {
        let whole = StyledRows(render(source, columns: columns))
        let count = source.unicodeScalars.count
        let cuts = (0...count).map { pieces(source, first: $0, size: count + 1) } + [pieces(source, first: 0, size: 1)]
        for pieces in cuts {
            let rows = StyledRows(render(pieces, columns))
            if rows != whole { return (pieces, rows.description) }
        }
        return nil
    }
}
