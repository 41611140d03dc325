/// The output that waits while a question is open, in a bounded amount.
struct HeldOutput {
    /// The kinds of output, which differ in the amount that is held.
    enum Kind: Hashable {
        /// The program's own output. Its writer is the one that asks, so there is little of it.
        case own
        /// The start or end of a call, with its notes.
        case event
        /// The progress of the call at an index; only the latest report is held.
        case progress(Int)
        /// A log line of a plugin.
        case log

        fileprivate var limit: Int {
            switch self {
            case .own: .max
            case .event: 1000
            case .progress: 1
            case .log: 50
            }
        }
    }

    /// An output with its destination.
    struct Entry {
        let console: Console
        let piece: Console.Piece
        fileprivate let kind: Kind
    }

    private var entries: [Entry] = []
    private var counts: [Kind: Int] = [:]
    private var dropped = 0

    /// Adds an output.
    ///
    /// Beyond the limit of its kind, the oldest of the kind is dropped.
    mutating func add(_ piece: Console.Piece, _ kind: Kind, _ console: Console) {
        entries.append(Entry(console: console, piece: piece, kind: kind))
        guard counts[kind, default: 0] == kind.limit else { return counts[kind, default: 0] += 1 }
        if let oldest = entries.firstIndex(where: { $0.kind == kind }) { entries.remove(at: oldest) }
        // An older report of progress is obsolete, so it does not count as dropped.
        if case .progress = kind { return }
        dropped += 1
    }

    /// Removes and returns all outputs.
    ///
    /// - Returns: The outputs in order, and the number of dropped ones; nil if there are none.
    mutating func take() -> (entries: [Entry], dropped: Int)? {
        if entries.isEmpty { return nil }
        defer { self = HeldOutput() }
        return (entries, dropped)
    }
}
