// Measures the history of conversations.
//
// Scripts/bench starts this program with the path of a history, which it fills unless it exists. It writes the line
// `ready`, then reads lines `NAME COUNT`, and writes the duration of each measurement in nanoseconds, or -1 for a wrong
// result.

// Glibc declares `stdout` as a global variable.
@preconcurrency import Glibc
import ToolHistory

setvbuf(stdout, nil, Int32(_IOLBF), 0)
let path = CommandLine.arguments[1]
if access(path, F_OK) != 0 { try SampleHistory().write(to: path) }
let history = try ConversationHistory(path: path)

/// Measures work that has a number of results, without their release.
func measure<Result>(_ count: Int, _ expected: ClosedRange<Int>, _ body: () throws -> [Result]) rethrows -> Int64 {
    var total = Duration.zero
    for _ in 0..<count {
        let start = ContinuousClock.now
        let result = try body()
        total += ContinuousClock.now - start
        guard expected.contains(result.count) else { return -1 }
    }
    return total.components.seconds * 1_000_000_000 + total.components.attoseconds / 1_000_000_000
}

/// Returns the measurement of a search that finds a number of messages.
func search(_ text: String?, tool: String? = nil, _ expected: ClosedRange<Int> = 20...20) -> (Int) throws -> Int64 {
    { count in try measure(count, expected) { try history.search(text, tool: tool, limit: 20) } }
}

let measurements: [String: (Int) throws -> Int64] = [
    "list": { count in try measure(count, 20...20) { try ConversationHistory(path: path).conversations(limit: 20) } },
    "continue": { count in
        try measure(count, SampleHistory.messageCount...SampleHistory.messageCount) {
            let history = try ConversationHistory(path: path)
            return try history.messages(of: history.conversation("last").id)
        }
    },
    "continue-long": { count in
        try measure(count, SampleHistory.longMessageCount...SampleHistory.longMessageCount) {
            let history = try ConversationHistory(path: path)
            return try history.messages(of: history.conversation(SampleHistory.longName).id)
        }
    },
    "common": search(SampleHistory.commonWord),
    "common-words": search("\(SampleHistory.commonWord) \(SampleHistory.secondWord)"),
    "rare": search(SampleHistory.rareWord, SampleHistory.rareCount...SampleHistory.rareCount),
    "absent": search("zyzzyva", 0...0),
    "prefix": search("\(SampleHistory.prefix)*"),
    "common-tool": search(SampleHistory.commonWord, tool: SampleHistory.commonTool),
    "rare-tool": search(SampleHistory.commonWord, tool: SampleHistory.rareTool, 1...20),
    "tool": search(nil, tool: SampleHistory.commonTool),
    "east-asian": search(SampleHistory.eastAsianWord),
    "east-asian-rare": search(SampleHistory.rareEastAsianWord, SampleHistory.rareCount...SampleHistory.rareCount),
    "punctuation": search("=>>", 0...0),
]

print("ready")
while let line = readLine() {
    let words = line.split(separator: " ")
    guard words.count == 2, let count = Int(words[1]), let measure = measurements[String(words[0])] else {
        print(-1)
        continue
    }
    print(try measure(count))
}
