import OllamaClient
import ToolHistory
import ToolJSON

/// A history of 100,000 messages, the same in each run.
///
/// The words have frequencies as in a language: those of the ranks 16 to 31 are together as frequent as those of the ranks
/// 32 to 63, and so on. One conversation in ten is in Japanese.
struct SampleHistory {
    static let conversationCount = 4900
    /// The messages of a usual conversation and of the long one, whose sum is 100,000.
    static let (messageCount, longMessageCount) = (20, 2000)
    static let longName = "long"
    static let (commonWord, secondWord, rareWord, rareCount) = (word(0), word(1), "quetzalcoatl", 4)
    /// The beginning of many words.
    static let prefix = "bab"
    static let (eastAsianWord, rareEastAsianWord) = ("天気", "煎餅")
    static let (commonTool, rareTool) = ("get_temperature", "launch_rocket")

    private static let tools = [commonTool, "read_file", "search", "calculate", "list_files"]
    private static let sentences = [
        "東京の天気は晴れで、気温は十八度です。", "明日は雨が降るでしょう。", "風は弱く、湿度は六十パーセントです。",
        "大阪ではもう少し暖かいと思います。", "この値は三つの観測所の平均です。", "詳しいことは資料をご覧ください。",
    ]

    /// A generator of numbers, SplitMix64.
    private var state: UInt64 = 18

    private mutating func next(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ value >> 31) % UInt64(limit))
    }

    /// Returns a word with a rank, of two to four syllables.
    private static func word(_ rank: Int) -> String {
        let (consonants, vowels) = (Array("bdfgklmnprstvz"), Array("aeiou"))
        var (word, rest) = ("", rank + 70)
        while rest > 0 {
            word += String([consonants[rest % 14], vowels[rest / 14 % 5]])
            rest /= 70
        }
        return word
    }

    private mutating func text(_ length: Int, isJapanese: Bool) -> String {
        var text = ""
        while text.utf8.count < length {
            if isJapanese {
                text += Self.sentences[next(Self.sentences.count)]
            } else {
                let rank = next(1 << (1 + next(15)))
                text += (text.isEmpty ? "" : " ") + Self.word(rank)
                if next(12) == 0 { text += next(3) == 0 ? ".\n" : "," }
            }
        }
        return text
    }

    private mutating func turn(isJapanese: Bool, tool: String, addition: String) -> [ChatMessage] {
        let arguments: JSON = ["city": .string(text(10, isJapanese: isJapanese)), "days": .int(next(14))]
        let call: JSON = ["function": ["name": .string(tool), "arguments": arguments]]
        let result = JSON.string(text(500, isJapanese: isJapanese))
        return [
            ChatMessage(role: .user, content: text(120, isJapanese: isJapanese)),
            ChatMessage(["role": "assistant", "content": "", "tool_calls": [call]]),
            ChatMessage(["role": "tool", "tool_name": .string(tool), "content": result]),
            ChatMessage(role: .assistant, content: text(1500, isJapanese: isJapanese) + addition),
        ]
    }

    /// Writes the history turn by turn, as chats do.
    consuming func write(to path: String) throws {
        let history = try ConversationHistory(path: path)
        for number in 0..<Self.conversationCount {
            let isJapanese = number % 10 == 9
            let tool = number == 100 ? Self.rareTool : Self.tools[next(5)]
            let isRare = number % (Self.conversationCount / Self.rareCount) == 1
            let addition = isRare ? " \(Self.rareWord) \(Self.rareEastAsianWord)" : ""
            try write(Self.messageCount, isJapanese: isJapanese, tool: tool, addition, history)
            if number == Self.conversationCount / 2 {
                let long = try write(Self.longMessageCount, isJapanese: false, tool: Self.commonTool, "", history)
                try history.rename(long, to: Self.longName)
            }
        }
    }

    @discardableResult
    private mutating func write(
        _ count: Int,
        isJapanese: Bool,
        tool: String,
        _ addition: String,
        _ history: ConversationHistory
    ) throws -> Int {
        let first = turn(isJapanese: isJapanese, tool: tool, addition: addition)
        let conversation = try history.create(first, model: "qwen3")
        for start in stride(from: first.count, to: count, by: first.count) {
            let turn = turn(isJapanese: isJapanese, tool: tool, addition: "")
            _ = try history.replace(start..<start, of: conversation, with: turn, model: "qwen3")
        }
        return conversation
    }
}
