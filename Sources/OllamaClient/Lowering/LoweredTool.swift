public import ToolJSON

/// A tool as `/api/chat` takes it, and what became of its schema on the way.
public struct LoweredTool: Sendable, Hashable {
    /// The element of a request's `tools`.
    public let tool: JSON

    /// What is not sent as it was written; empty where nothing is lost.
    public let notes: [LoweringNote]
}

/// One thing that is not sent to a model as its author wrote it.
public struct LoweringNote: Sendable, Hashable {
    /// What became of it.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Sent in another form that means the same, or nearly.
        case rewritten
        /// Told in words, in a description.
        case folded
        /// Not sent at all.
        case lost
        /// Left out where a schema would have no end, or be too large.
        case cut
    }

    /// Where it stands: a JSON pointer into the authored `parameters`.
    ///
    /// What came by way of a `$ref` is named where it is defined. The empty pointer means the parameters as a whole,
    /// and the function around them.
    public let path: String

    /// What became of it.
    public let kind: Kind

    /// A sentence for people.
    public let message: String
}

/// The notes of one lowering: each once, and not without end.
struct LoweringNotes {
    private static let limit = 256
    private static let longestPath = 1024

    private(set) var all: [LoweringNote] = []
    private var known: Set<LoweringNote> = []

    mutating func add(_ kind: LoweringNote.Kind, at path: @autoclosure () -> String, _ message: String) {
        guard all.count < Self.limit else { return }
        let note = LoweringNote(path: Self.bounded(path()), kind: kind, message: message)
        if known.insert(note).inserted { all.append(note) }
    }

    /// The pointer, or for one that is very long, that of something around it.
    private static func bounded(_ path: String) -> String {
        guard path.utf8.count > longestPath else { return path }
        let start = path.utf8.prefix(longestPath)
        return String(start[..<(start.lastIndex(of: UInt8(ascii: "/")) ?? start.startIndex)]) ?? ""
    }

    /// Takes over what has been noted of a schema that is told in words, where nothing is sent in another form.
    ///
    /// - Parameter known: How many of them are here already.
    mutating func adopt(_ notes: LoweringNotes, after known: Int) {
        for note in notes.all.dropFirst(known) where note.kind != .rewritten {
            add(note.kind, at: note.path, note.message)
        }
    }
}
