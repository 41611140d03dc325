// Glibc declares `stdout` as a global variable.
@preconcurrency import Glibc
import OllamaClient
import ToolHistory

// Usage: HistoryWriter FILE [COUNT]
//
// Stores turns in new conversations of a history, five in each, COUNT in all or without end. After each turn it prints
// the number of the conversation and the number of messages that it has stored.
setvbuf(stdout, nil, Int32(_IOLBF), 0)
let arguments = CommandLine.arguments
let history: ConversationHistory
do throws(HistoryError) {
    history = try ConversationHistory(path: arguments[1])
    let count = arguments.count > 2 ? Int(arguments[2]) ?? 0 : .max
    var conversation = 0
    for turn in 0..<count {
        let messages = [
            ChatMessage(role: .user, content: "Prompt \(turn) of process \(getpid())"),
            ChatMessage(role: .assistant, content: String(repeating: "An answer of some length. ", count: 200)),
        ]
        let start = turn % 5 * messages.count
        if start == 0 {
            conversation = try history.create(messages, model: "model")
        } else if try !history.replace(start..<start, of: conversation, with: messages, model: "model") {
            print("conversation \(conversation) has changed")
            exit(2)
        }
        print(conversation, start + messages.count)
    }
} catch {
    print(error)
    exit(1)
}
