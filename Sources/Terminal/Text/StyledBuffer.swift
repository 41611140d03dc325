/// Collects scalars as pieces of text, one for each change of style.
struct StyledBuffer {
    private var pieces: [StyledText] = []
    private var run = String.UnicodeScalarView()
    private var style: TextStyle = []

    mutating func append(_ glyph: Glyph) {
        if glyph.style != style {
            endRun()
            style = glyph.style
        }
        run.append(glyph.scalar)
    }

    /// Removes and returns all pieces.
    mutating func take() -> [StyledText] {
        endRun()
        defer { pieces = [] }
        return pieces
    }

    private mutating func endRun() {
        if !run.isEmpty { pieces.append(StyledText(safe: String(run), style)) }
        run = String.UnicodeScalarView()
    }
}
