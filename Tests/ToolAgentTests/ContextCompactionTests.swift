import OllamaClient
import Testing
import ToolJSON

@testable import ToolAgent

@Suite("The default selection of messages for a full window")
struct ContextCompactionTests {
    private static let estimate = TokenEstimate()

    private static func user(_ text: String) -> ChatMessage { ChatMessage(role: .user, content: text) }

    private static func text(_ count: Int, _ letter: String = "a") -> String { String(repeating: letter, count: count) }

    /// A message with calls, and a result of each.
    private static func calls(_ results: String..., id: Int = 0) -> [ChatMessage] {
        let calls = results.indices.map { OllamaToolCall(id: "c\(id)-\($0)", name: "look") }
        let messages = results.enumerated().map {
            ChatMessage(role: .tool, content: $1, toolName: "look", toolCallID: "c\(id)-\($0)")
        }
        return [ChatMessage(role: .assistant, toolCalls: calls)] + messages
    }

    private func selection(_ messages: [ChatMessage], _ target: Int) -> [ChatMessage] {
        ContextOverflow(messages, nil, target, Self.estimate).defaultSelection
    }

    // MARK: - Cases

    @Test("messages within the target are not changed")
    func fitting() {
        let messages = [Self.user("Hello"), ChatMessage(role: .assistant, content: Self.text(300), thinking: "Hm.")]
        #expect(selection(messages, 100) == messages)
    }

    @Test("old results are shortened to their beginning and end before anything is omitted")
    func results() throws {
        let old = Self.calls(Self.text(3_000) + Self.text(1_000, "z"))
        let messages =
            [Self.user("one")] + old + [ChatMessage(role: .assistant, content: "1", thinking: Self.text(100))]
            + [Self.user("two")] + Self.calls(Self.text(1_000), id: 1)
        let selected = selection(messages, 700)
        #expect(selected.map(\.role) == messages.map(\.role))
        #expect(selected[2].content.utf8.count <= 200)
        #expect(selected[2].content.hasPrefix("aaaa") && selected[2].content.hasSuffix("zzzz"))
        #expect(selected[3].thinking == nil)
        #expect(selected[4...] == messages[4...], "the result that the model has not read stays whole")
    }

    @Test("a shortened result still names the handle under which the whole one can be read")
    func handles() {
        let whole = ResultTrimming(limit: 3_000, handle: "result_7").text { $0(Self.text(9_000)) }
        let messages = [Self.user("one")] + Self.calls(whole) + Self.calls(Self.text(1_000), id: 1)
        let content = selection(messages, 600)[2].content
        #expect(content.utf8.count <= 200)
        #expect(content.contains("call read_result with handle result_7, offset "), "\(content)")
        #expect(ResultTrimming.handle(in: "call read_result") == nil)
        #expect(ResultTrimming.handle(in: "to read them, call read_result with handle \u{1B}[2J") == nil)
    }

    @Test("the oldest exchanges are replaced by one note, and the first prompt stays")
    func exchanges() {
        var messages = [ChatMessage(role: .system, content: "Be brief."), Self.user("The task")]
        for number in 0..<20 {
            messages += [
                ChatMessage(role: .assistant, content: Self.text(400)), Self.user("\(number) " + Self.text(400)),
            ]
        }
        let selected = selection(messages, 1_000)
        #expect(Array(selected[..<2]) == Array(messages[..<2]))
        let omitted = messages.count - selected.count + 1
        #expect(selected[2] == ChatMessage(role: .assistant, content: ContextCompaction.note(omitted)))
        #expect(selected[3...] == messages.suffix(selected.count - 3))
        #expect(Self.estimate.tokens(of: selected) > 700, "no more is omitted than necessary")
    }

    @Test("within one long response the oldest calls are omitted, and the prompt names their number")
    func oneExchange() {
        var messages = [Self.user("The task")]
        for id in 0..<30 { messages += Self.calls(Self.text(300), Self.text(300), id: id) }
        let selected = selection(messages, 1_000)
        let kept = selected.count - 1
        #expect(selected[0].content == "The task\n\n" + ContextCompaction.note(messages.count - 1 - kept))
        #expect(kept % 3 == 0 && selected.last == messages.last)
        #expect(Self.estimate.tokens(of: selected) <= 1_000)
    }

    @Test("a long first prompt is shortened, and the last prompt is whole even if it is too long")
    func prompts() {
        let last = Self.user(Self.text(9_000))
        let messages = [
            Self.user(Self.text(4_000)), ChatMessage(role: .assistant, content: "1"), Self.user("2"),
            ChatMessage(role: .assistant, content: "3"), last,
        ]
        let selected = selection(messages, 1_000)
        #expect(selected.map(\.role) == [.user, .assistant, .user])
        #expect(selected[0].content.utf8.count <= 500 && selected[0].content.contains("characters omitted"))
        #expect(selected[1].content == ContextCompaction.note(3))
        #expect(selected.last == last)
        #expect(selection([last], 1_000) == [last])
    }

    @Test("new results that are too long together are shortened equally")
    func newResults() {
        let results = (0..<8).map { _ in Self.text(4_000) }
        let calls = Self.calls(
            results[0],
            results[1],
            results[2],
            results[3],
            results[4],
            results[5],
            results[6],
            results[7]
        )
        let selected = selection([Self.user("Go")] + calls, 1_000)
        #expect(selected.count == 10 && Self.estimate.tokens(of: selected) <= 1_000)
        #expect(Set(selected[2...].map(\.content.utf8.count)).count == 1)
    }

    @Test("images of old results are omitted, and those of new results stay if they fit")
    func images() {
        func picture(_ id: Int) -> [ChatMessage] {
            var messages = Self.calls("A picture", id: id)
            messages[1].images = [[1, 2, 3]]
            return messages
        }
        let messages = [Self.user("Draw")] + picture(0) + picture(1) + picture(2)
        let selected = selection(messages, 1_500)
        #expect(selected.map(\.images.count) == [0, 0, 0, 0, 0, 0, 1])
        #expect(selected[2].content.contains("images of this message are omitted"))
        #expect(selection(messages, 500).map(\.images.count).max() == 0)
    }

    // MARK: - Properties

    /// Returns a conversation that ends with a prompt or with results.
    private static func conversation(_ numbers: inout SeededNumbers) -> [ChatMessage] {
        func size(_ numbers: inout SeededNumbers) -> Int {
            [5, 50, 500, 5_000][Int.random(in: 0..<4, using: &numbers)]
        }
        var messages: [ChatMessage] = []
        if Bool.random(using: &numbers) { messages.append(ChatMessage(role: .system, content: "System")) }
        var id = 0
        for exchange in 0..<Int.random(in: 1...12, using: &numbers) {
            messages.append(
                user(
                    "Prompt \(exchange) " + text(size(&numbers), ["x", "é", "日"].randomElement(using: &numbers) ?? "")
                )
            )
            for _ in 0..<Int.random(in: 0...4, using: &numbers) {
                let count = Int.random(in: 1...4, using: &numbers)
                let calls = (0..<count).map {
                    OllamaToolCall(id: "c\(id + $0)", name: "look", arguments: ["n": .int($0)])
                }
                messages.append(ChatMessage(role: .assistant, thinking: text(size(&numbers)), toolCalls: calls))
                for index in 0..<count {
                    let result = text(size(&numbers), "r")
                    messages.append(
                        ChatMessage(role: .tool, content: result, toolName: "look", toolCallID: "c\(id + index)")
                    )
                }
                id += count
            }
            messages.append(ChatMessage(role: .assistant, content: text(size(&numbers))))
        }
        messages.removeLast()
        return messages
    }

    @Test("every selection can be sent, ends as the conversation does and is within the target", arguments: 0..<300)
    func properties(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        let messages = Self.conversation(&numbers)
        let target = Int.random(in: 300...4_000, using: &numbers)
        let overflow = ContextOverflow(messages, 8_192, target, Self.estimate)
        let selected = overflow.defaultSelection
        #expect(overflow.accepts(selected))
        let prompt = try #require(messages.last { $0.role == .user })
        let kept = try #require(selected.last { $0.role == .user })
        #expect(kept.content.hasPrefix(prompt.content))
        let tokens = Self.estimate.tokens(of: selected)
        if tokens <= target {
            #expect(ContextOverflow(selected, 8_192, target, Self.estimate).defaultSelection == selected)
        } else {
            // Only the prompts and the last calls with short results are left.
            let end = messages.last?.role == .tool ? messages.lastIndex { $0.role == .assistant } ?? 0 : messages.count
            #expect(selected.count <= 4 + messages.count - end, "\(tokens) of \(target)")
            #expect(selected.allSatisfy { $0.role != .tool || $0.content.utf8.count <= 200 })
        }
        // Templates require the roles to alternate.
        let roles = selected.map(\.role).filter { $0 != .system }
        #expect(roles.first == .user)
        for (first, second) in zip(roles, roles.dropFirst()) { #expect(first != .user || second == .assistant) }
        #expect(selected == overflow.defaultSelection)
    }
}

/// A repeatable sequence of numbers.
private struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
