/// The inline markup of one line of Markdown, parsed while the line arrives.
///
/// Text without markup is released at once. From a marker on, text waits until the marker is closed, the line ends, or the
/// text exceeds a limit; an unclosed marker is shown as it is.
struct InlineParser {
    /// The maximum number of scalars that wait for the end of a marker.
    static let limit = 240

    /// A marker that something later in the line may close.
    struct Opener {
        /// The index of its first glyph in the pending text.
        var start: Int
        /// The number of its glyphs.
        var count: Int
        /// `*`, `_`, `~` or `[`.
        let mark: Unicode.Scalar
        let canClose: Bool
    }

    /// The markup that contains the next scalar.
    enum Context {
        case text
        /// A code span that began with a number of backticks at an index.
        case code(start: Int, count: Int)
        /// The address of a link, whose text begins with an opener and ends at an index.
        case address(opener: Opener, end: Int, depth: Int)
    }

    /// True to show the markers of styles, for terminals without styles.
    let keepsMarkers: Bool
    /// The style of the whole line.
    var style: TextStyle

    /// The text that waits.
    var pending: [Glyph] = []
    var openers: [Opener] = []
    var context = Context.text
    /// The number of equal markers at the end of the pending text.
    var run = 0
    /// The scalar before the run or before the next scalar; a space at the start of the line.
    var before: Unicode.Scalar = " "
    private var isEscape = false
    /// The number of steps, which tests compare with the length of the text.
    var work = 0

    init(style: TextStyle = [], keepsMarkers: Bool) { (self.style, self.keepsMarkers) = (style, keepsMarkers) }

    /// Parses a scalar, and calls a closure with the text that is complete.
    mutating func feed(_ scalar: Unicode.Scalar, _ release: (Glyph) -> Void) {
        work += 1
        if pending.isEmpty, !isEscape, !Self.isMarkup(scalar) {
            before = scalar
            return release(Glyph(scalar, style))
        }
        parse(scalar)
        if openers.isEmpty, run == 0, case .text = context {
            releaseAll(release)
        } else if pending.count > Self.limit {
            giveUp(release)
        }
    }

    /// Ends the line.
    mutating func finish(_ release: (Glyph) -> Void) {
        if isEscape { append("\\") }
        endRun(next: " ")
        releaseAll(release)
        (openers, context, before, isEscape) = ([], .text, " ", false)
    }

    private mutating func releaseAll(_ release: (Glyph) -> Void) {
        work += pending.count
        for glyph in pending where glyph.scalar != Self.hidden { release(glyph) }
        pending.removeAll(keepingCapacity: true)
    }

    /// Releases at least half of the text that waits, with its unclosed markers.
    private mutating func giveUp(_ release: (Glyph) -> Void) {
        work += pending.count + openers.count
        if case .text = context, !openers.isEmpty {
            openers.removeAll { $0.start <= Self.limit / 2 }
        } else {
            (openers, context, run) = ([], .text, 0)
        }
        // The next scalar decides about a run at the end.
        let end = openers.first?.start ?? pending.count - run
        for glyph in pending[..<end] where glyph.scalar != Self.hidden { release(glyph) }
        pending.removeFirst(end)
        for index in openers.indices { openers[index].start -= end }
    }

    // MARK: - Scalars

    private static func isMarkup(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "*", "_", "~", "`", "[", "]", "\\": true
        default: false
        }
    }

    /// The mark of a glyph that is not shown.
    ///
    /// No text from outside contains it, because hidden characters are made visible before.
    static let hidden: Unicode.Scalar = "\0"

    mutating func append(_ scalar: Unicode.Scalar) { pending.append(Glyph(scalar, style)) }

    private mutating func parse(_ scalar: Unicode.Scalar) {
        if isEscape {
            isEscape = false
            // Brackets after a backslash are usually the limits of a formula, which keep their backslash.
            let isMark = "\\*_~`#<>+-.!|".unicodeScalars.contains(scalar)
            if !isMark || keepsMarkers { append("\\") }
            append(scalar)
            before = scalar
            return
        }
        if run > 0 {
            if scalar == pending.last?.scalar, scalar != "]" {
                run += 1
                return append(scalar)
            }
            endRun(next: scalar)
        }
        switch context {
        case .text: parseText(scalar)
        case .code:
            append(scalar)
            if scalar == "`" { run = 1 }
        case .address(let opener, let end, let depth):
            append(scalar)
            switch (scalar, depth) {
            case ("(", _): context = .address(opener: opener, end: end, depth: depth + 1)
            case (")", 0): endLink(opener, end)
            case (")", _): context = .address(opener: opener, end: end, depth: depth - 1)
            default: break
            }
        }
    }

    private mutating func parseText(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "*", "_", "~", "`":
            // Until the end of the run, `before` is the scalar in front of it.
            append(scalar)
            run = 1
            return
        case "\\":
            isEscape = true
            return
        case "[":
            openers.append(Opener(start: pending.count, count: 1, mark: "[", canClose: false))
        case "]":
            // The next scalar decides whether an address follows.
            if openers.contains(where: { $0.mark == "[" }) { run = 1 }
        default: break
        }
        append(scalar)
        before = scalar
    }
}
