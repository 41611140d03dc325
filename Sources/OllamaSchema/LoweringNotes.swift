/// The notes of one lowering: each note once, and a limited number of notes.
struct LoweringNotes {
    private static let limit = 256
    private static let maximumPathLength = 1024

    private(set) var all: [LoweringNote] = []
    private var known: Set<LoweringNote> = []

    mutating func add(_ kind: LoweringNote.Kind, at path: @autoclosure () -> String, _ message: String) {
        guard all.count < Self.limit else { return }
        let note = LoweringNote(path: Self.bounded(path()), kind: kind, message: message)
        if known.insert(note).inserted { all.append(note) }
    }

    /// Returns a pointer, or the pointer of an enclosing part if the pointer is very long.
    private static func bounded(_ path: String) -> String {
        guard path.utf8.count > maximumPathLength else { return path }
        let start = path.utf8.prefix(maximumPathLength)
        return String(start[..<(start.lastIndex(of: UInt8(ascii: "/")) ?? start.startIndex)]) ?? ""
    }

    /// Adds the notes of a schema that is described in words.
    ///
    /// Notes on rewritten parts are omitted, because the schema itself is not sent.
    ///
    /// - Parameter known: The number of notes to skip, which are in this list already.
    mutating func adopt(_ notes: LoweringNotes, after known: Int) {
        for note in notes.all.dropFirst(known) where note.kind != .rewritten {
            add(note.kind, at: note.path, note.message)
        }
    }
}
