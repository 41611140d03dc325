@testable import ToolHistory

/// The turns that a `HistoryWriter` reported as stored: the number of messages of each conversation.
struct Turns {
    private var counts: [Int: Int] = [:]

    init(_ lines: some Sequence<Substring>) {
        for line in lines {
            let numbers = line.split(separator: " ").compactMap { Int($0) }
            if numbers.count == 2 { counts[numbers[0]] = numbers[1] }
        }
    }

    var conversationCount: Int { counts.count }

    /// Returns the conversations that lack a message.
    func missing(in history: ConversationHistory) throws -> [Int] {
        try counts.filter { try history.messages(of: $0.key).count < $0.value }.map(\.key)
    }
}
