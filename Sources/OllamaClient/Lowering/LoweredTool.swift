public import ToolJSON

/// A tool as `/api/chat` takes it, with notes on the changes to its schema.
public struct LoweredTool: Sendable, Hashable {
    /// The element of a request's `tools`.
    public let tool: JSON

    /// The parts of the schema that are not sent as they were written; empty if there are none.
    public let notes: [LoweringNote]
}

/// A part of a schema that is not sent to a model as its author wrote it.
public struct LoweringNote: Sendable, Hashable {
    /// The change to the part.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Sent in another form that means the same, or nearly.
        case rewritten
        /// Described in words, in a description.
        case folded
        /// Not sent at all.
        case lost
        /// Dropped because the schema would be infinite or too large.
        case cut
    }

    /// A JSON pointer into the authored `parameters`.
    ///
    /// A part that a `$ref` leads to has the pointer of its definition. The empty pointer means the parameters as a
    /// whole, and the function around them.
    public let path: String

    /// The change to the part.
    public let kind: Kind

    /// A sentence for people.
    public let message: String
}

/// The notes of one lowering: each once, and a limited number of them.
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

    /// Adds the notes of a schema that is described in words, without those on rewritten parts: nothing of it is sent.
    ///
    /// - Parameter known: The number of notes that are here already.
    mutating func adopt(_ notes: LoweringNotes, after known: Int) {
        for note in notes.all.dropFirst(known) where note.kind != .rewritten {
            add(note.kind, at: note.path, note.message)
        }
    }
}
