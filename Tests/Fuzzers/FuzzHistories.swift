import Glibc
import OllamaClient
import ToolJSON

@testable import ToolHistory

/// Opens a database that is damaged in the places that the input selects, and uses all functions of the history.
///
/// Each function must have a result or fail, in a bounded time and with bounded values.
@c(LLVMFuzzerTestOneInput)
public func fuzzHistories(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var changes = Array(UnsafeBufferPointer(start: start, count: count))[...]
    guard let first = changes.popFirst() else { return 0 }
    var bytes = intact
    // The rest is the text to search for, and the write-ahead log.
    for _ in 0..<first & 31 where changes.count >= 6 { damage(&bytes, &changes) }
    let text = String(decoding: changes.prefix(12), as: UTF8.self)
    write(bytes, to: path)
    for suffix in ["-wal", "-shm", "-journal"] { unlink(path + suffix) }
    if first & 32 != 0 { write(Array(changes), to: path + "-wal") }
    do throws(HistoryError) {
        // Without the index, every text is read.
        let history = try ConversationHistory(path: path, maximumBytes: 1 << 20, usesIndex: first & 64 == 0) {
            1_000_000
        }
        use(history, text, isWritten: first & 128 != 0)
    } catch {
        check(error)
    }
    return 0
}

private func check(_ error: HistoryError) {
    precondition(!error.message.isEmpty, "an error has no message")
    precondition(error.message.unicodeScalars.count < 1_000, "the message of an error is too long")
    precondition(error.code != .libraryUnavailable, "there is no SQLite")
}

// MARK: - The database

/// A directory in memory that only this user can access.
private let directory: String = {
    var template = Array("/dev/shm/toolhost-fuzz-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { fatalError("/dev/shm: \(String(cString: strerror(errno)))") }
    atexit {
        for name in ["", "-wal", "-shm", "-journal"] { unlink(path + name) }
        rmdir(directory)
    }
    return String(cString: made)
}()

private let path = directory + "/conversations.db"

/// The bytes of a history with all kinds of messages, and with free pages.
private let intact: [UInt8] = {
    do throws(HistoryError) {
        let history = try ConversationHistory(path: path, maximumBytes: 1 << 20) { 1_000 }
        for number in 1...12 {
            let call = OllamaToolCall(id: "call_1", name: "add", arguments: ["number": .int(number)])
            let words = String(repeating: "word\(number) ", count: number * number)
            try history.create(
                [
                    ChatMessage(role: .system, content: "s"), ChatMessage(role: .user, content: words),
                    ChatMessage(role: .assistant, content: "", thinking: words, toolCalls: [call]),
                    ChatMessage(role: .tool, content: "15 °C", toolName: "add", toolCallID: "call_1"),
                    ChatMessage(role: .user, content: "p", images: [[1, 2, 3]]),
                ],
                model: "m"
            )
        }
        try history.rename(2, to: "name")
        try history.delete([3, 9])
    } catch {
        fatalError("\(error)")
    }
    let file = open(path, O_RDONLY)
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = read(file, &bytes, bytes.count)
    close(file)
    precondition(4096..<bytes.count ~= count, "the database has another size")
    return Array(bytes[..<count])
}()

private func write(_ bytes: [UInt8], to path: String) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0, Glibc.write(file, bytes, bytes.count) == bytes.count, close(file) == 0 else {
        fatalError("\(path): \(String(cString: strerror(errno)))")
    }
}

/// Applies one change of six bytes: its kind, a place, and a value.
private func damage(_ bytes: inout [UInt8], _ changes: inout ArraySlice<UInt8>) {
    let change = Array(changes.prefix(6))
    changes = changes.dropFirst(6)
    guard bytes.count > 8 else { return }
    let page = 4096
    let pages = max(bytes.count / page, 1)
    let place = (Int(change[1]) << 16 | Int(change[2]) << 8 | Int(change[3])) % (bytes.count - 4)
    let value = Int(change[4]) << 8 | Int(change[5])
    // Most of what matters is in the header of a page.
    let header = place / page * page + place % 64
    switch change[0] % 8 {
    case 0: bytes[place] = change[5]
    case 1: bytes[header] = change[5]
    case 2: bytes.replaceSubrange(header..<header + 2, with: change[4...])
    case 3: bytes.replaceSubrange(place..<place + 4, with: [0, 0, 0, UInt8(1 + value % pages)])
    case 4: bytes.replaceSubrange(header..<header + 4, with: [0, 0, 0, UInt8(1 + value % pages)])
    case 5:
        let (source, target) = (value % pages * page, place / page * page)
        let end = min(page, bytes.count - max(source, target))
        bytes.replaceSubrange(target..<target + end, with: Array(bytes[source..<source + end]))
    case 6:
        let end = min(place + value % page, bytes.count)
        for index in place..<end { bytes[index] = change[1] }
    default: bytes.removeLast(min(value, bytes.count - page))
    }
}

// MARK: - Functions

private func use(_ history: ConversationHistory, _ text: String, isWritten: Bool) {
    var ids: [Int] = []
    attempt { () throws(HistoryError) in
        let conversations = try history.conversations(limit: 20)
        precondition(conversations.count <= 20, "there are more conversations than asked for")
        ids = conversations.prefix(5).map(\.id)
    }
    attempt { () throws(HistoryError) in _ = try history.conversation("name") }
    for tool in [nil, "add"] {
        attempt { () throws(HistoryError) in
            let hits = try history.search(text, tool: tool, limit: 10)
            precondition(hits.allSatisfy { $0.excerpt.unicodeScalars.count <= 400 }, "an excerpt is too long")
        }
        attempt { () throws(HistoryError) in
            let hits = try history.search("word1*", tool: tool, limit: 10)
            precondition(hits.count <= 10, "there are too many messages")
        }
    }
    attempt { () throws(HistoryError) in _ = try history.search(nil, tool: "add", limit: 10) }
    for id in ids { attempt { () throws(HistoryError) in try checkMessages(history, id) } }
    guard isWritten else { return }
    attempt { () throws(HistoryError) in
        let messages = [ChatMessage(role: .user, content: "a"), ChatMessage(role: .assistant, content: "b")]
        let id = try history.create(messages, model: "n")
        _ = try history.messages(of: id)
    }
    guard let id = ids.first else { return }
    attempt { () throws(HistoryError) in _ = try history.replace(2..<5, of: id, with: [], model: "n") }
    attempt { () throws(HistoryError) in try history.rename(id, to: "other") }
    attempt { () throws(HistoryError) in _ = try history.fork(id, name: nil) }
    attempt { () throws(HistoryError) in try history.delete([id]) }
    attempt { () throws(HistoryError) in _ = try history.prune(keeping: 1) }
}

private func checkMessages(_ history: ConversationHistory, _ id: Int) throws(HistoryError) {
    let messages = try history.storedMessages(of: id)
    precondition(messages.count < 10_000, "there are too many messages")
    guard let conversation = try history.conversations(limit: 100).first(where: { $0.id == id }) else { return }
    var lines = 0
    ConversationExport.jsonLines(conversation, messages) { line in
        precondition((try? JSON(parsing: line.text())) != nil, "a line of an export is not JSON")
        lines += 1
    }
    precondition(lines == messages.count + 1, "an export has other lines")
    ConversationExport.markdown(conversation, messages) { _ in }
}

private func attempt(_ body: () throws(HistoryError) -> Void) {
    do throws(HistoryError) {
        try body()
    } catch {
        check(error)
    }
}
