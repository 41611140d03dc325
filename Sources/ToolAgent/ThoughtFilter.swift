/// A filter that separates the thoughts in a model's content from its answer.
///
/// A server that does not know how a model marks its thoughts sends them as content: `<think>…</think>` before the
/// answer, or only the closing tag on a separate line if the prompt had the opening one. All other tags belong to the
/// answer: those within a line, in fenced code, and after the first word of an answer.
///
/// The content arrives in pieces that can end within a tag. The result does not depend on the ends of the pieces.
/// Scalars are compared, not characters: a character has no maximum length.
struct ThoughtFilter {
    /// The parts of a piece of content.
    struct Parts: Sendable, Hashable {
        var thinking = ""
        var content = ""
        /// True if all content before this piece was thinking.
        var takesBack = false
    }

    private enum Place { case start, thoughts, answer }

    private static let opening = Array("<think>".unicodeScalars)
    private static let closing = Array("</think>".unicodeScalars)
    private static let fence = Array("```".unicodeScalars)

    private var place = Place.start
    private var parts = Parts()
    /// The last scalars, if they can be the beginning of a tag, or a lone closing tag with white space after it.
    private var held: [Unicode.Scalar] = []
    /// White space that belongs to the answer only if no thoughts come first.
    private var space = ""
    private var hasTag = false
    private var hasThought = false
    /// True if a piece before this one had content.
    private var hasContent = false

    // In an answer without a tag before it, the beginning of each line is searched for a lone closing tag.
    private var isLineStart = true
    private var isFenced = false
    private var hasOpening = false
    private var mention: [Unicode.Scalar] = []

    /// Adds the next piece of content.
    ///
    /// - Parameter isLast: True at the end of the message, so that nothing is held back.
    /// - Returns: The thinking and the content that are certain now.
    mutating func add(_ piece: String, isLast: Bool = false) -> Parts {
        for scalar in piece.unicodeScalars {
            switch place {
            case .start: addToStart(scalar)
            case .thoughts: addToThoughts(scalar)
            case .answer: addToAnswer(scalar)
            }
        }
        if isLast { finish() }
        defer { parts = Parts() }
        hasContent = hasContent || !parts.content.isEmpty
        return parts
    }

    private mutating func finish() {
        if place == .start { beginAnswer() }
        switch place {
        case .thoughts: parts.thinking.unicodeScalars.append(contentsOf: held)
        default: endLine()
        }
        held = []
    }

    // MARK: - Before the answer

    private mutating func addToStart(_ scalar: Unicode.Scalar) {
        if held.isEmpty, scalar.properties.isWhitespace { return space.unicodeScalars.append(scalar) }
        held.append(scalar)
        if held == Self.opening {
            place = .thoughts
            (held, space, hasTag) = ([], "", true)
        } else if held == Self.closing {
            // The prompt had the opening tag, and there were no thoughts.
            endThoughts()
        } else if !Self.opening.starts(with: held), !Self.closing.starts(with: held) {
            beginAnswer()
        }
    }

    private mutating func addToThoughts(_ scalar: Unicode.Scalar) {
        held.append(scalar)
        if held == Self.closing { return endThoughts() }
        while !Self.closing.starts(with: held) {
            let first = held.removeFirst()
            hasThought = hasThought || !first.properties.isWhitespace
            if hasThought { parts.thinking.unicodeScalars.append(first) }
        }
    }

    private mutating func endThoughts() {
        place = .start
        (held, space, hasTag) = ([], "", true)
    }

    private mutating func beginAnswer() {
        place = .answer
        // The blank lines after thoughts belong to neither.
        let text = (hasTag ? [] : Array(space.unicodeScalars)) + held
        (held, space) = ([], "")
        for scalar in text { addToAnswer(scalar) }
    }

    // MARK: - In the answer

    private mutating func addToAnswer(_ scalar: Unicode.Scalar) {
        guard !hasTag, !hasOpening, isLineStart || scalar == "\n" else { return addContent(scalar) }
        if scalar == "\n" {
            endLine()
            if place == .answer { addContent(scalar) }
            return
        }
        held.append(scalar)
        if held == Self.fence { isFenced.toggle() }
        guard !mayBeClosing, held == Self.fence || !Self.fence.starts(with: held) else { return }
        // White space does not begin a line.
        isLineStart = held.allSatisfy(\.properties.isWhitespace)
        releaseHeld()
    }

    private var mayBeClosing: Bool {
        // The scalars between the tag and the last one have been examined before.
        let isWhole = held.starts(with: Self.closing) && held.last?.properties.isWhitespace == true
        return !isFenced && (isWhole || Self.closing.starts(with: held))
    }

    /// Releases the line that was held back, or takes all content back if the line is a lone closing tag.
    private mutating func endLine() {
        if !hasTag, !isFenced, held.starts(with: Self.closing) {
            parts.thinking += parts.content
            parts.content = ""
            parts.takesBack = hasContent
            endThoughts()
        } else {
            releaseHeld()
        }
        isLineStart = true
    }

    private mutating func releaseHeld() {
        let text = held
        held = []
        for scalar in text { addContent(scalar) }
    }

    private mutating func addContent(_ scalar: Unicode.Scalar) {
        parts.content.unicodeScalars.append(scalar)
        if hasTag || hasOpening || mention.isEmpty && scalar != "<" { return }
        // An answer that mentions the opening tag can mention the closing one as well.
        mention.append(scalar)
        if mention == Self.opening { hasOpening = true }
        if !Self.opening.starts(with: mention) { mention = scalar == "<" ? ["<"] : [] }
    }
}
