import Foundation
import Locks
import OllamaClient
import TestSupport
import ToolJSON

@testable import ToolHistory

/// A directory for a history, and a clock that only the test advances.
final class HistoryFixture: Sendable {
    let directory: FixtureDirectory
    private let time = Lock(1_700_000_000_000)

    init() throws { directory = try FixtureDirectory() }

    var path: String { directory.path + "/toolhost/conversations.db" }

    /// Opens the history.
    func open(
        maximumBytes: Int = ConversationHistory.maximumBytes,
        usesIndex: Bool = true
    ) throws -> ConversationHistory {
        try ConversationHistory(path: path, maximumBytes: maximumBytes, usesIndex: usesIndex) { [self] in
            time.withLock { time in
                time += 1
                return time
            }
        }
    }

    /// Advances the clock.
    func advance(seconds: Int) { time.withLock { $0 += seconds * 1000 } }

    /// Returns the bytes of a file, or none if it is absent.
    func contents(_ path: String) throws -> Data {
        FileManager.default.fileExists(atPath: path) ? try Data(contentsOf: URL(fileURLWithPath: path)) : Data()
    }

    /// Changes the file with SQL of the test.
    func change(_ sql: String) throws { try Database(path: path).execute(sql) }
}

extension [ChatMessage] {
    /// Returns a prompt and its answer.
    static func turn(_ prompt: String, _ answer: String = "Yes.") -> [ChatMessage] {
        [ChatMessage(role: .user, content: prompt), ChatMessage(role: .assistant, content: answer)]
    }

    /// Returns a prompt, a call with its result, and the answer.
    static func call(_ name: String, _ arguments: JSON, result: String = "15 °C") -> [ChatMessage] {
        [
            ChatMessage(role: .user, content: "Please call it."),
            ChatMessage(
                role: .assistant,
                thinking: "I need the tool.",
                toolCalls: [OllamaToolCall(id: "call_1", name: name, arguments: arguments)]
            ),
            ChatMessage(role: .tool, content: result, toolName: name, toolCallID: "call_1"),
            ChatMessage(role: .assistant, content: "Done."),
        ]
    }
}

extension [UInt8] {
    /// Returns true if the bytes have a text.
    func contains(_ text: String) -> Bool {
        let text = Array(text.utf8)
        return indices.contains { self[$0...].starts(with: text) }
    }
}
