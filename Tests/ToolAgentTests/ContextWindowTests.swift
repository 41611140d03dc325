import OllamaClient
import Testing
import ToolJSON

@testable import ToolAgent

@Suite("The estimate of the context window")
struct ContextWindowTests {
    private let messages = [ChatMessage(role: .user, content: String(repeating: "a", count: 400))]

    @Test("characters are counted until the server reports a count of tokens")
    func charactersAreCountedUntilTheServerCounts() {
        var window = ContextWindow(size: 1_000, toolCharacters: 80)
        #expect(window.estimate(of: messages) == 120)
        window.measure(tokens: 500, messages: 1)
        #expect(window.estimate(of: messages) == 500)
        #expect(window.estimate(of: messages + messages) == 600)
    }

    @Test("more than 80 percent of the window causes a warning")
    func aWarningComesAbove80Percent() throws {
        var window = ContextWindow(size: 1_000, toolCharacters: 0)
        window.measure(tokens: 800, messages: 1)
        #expect(window.warning(for: messages) == nil)
        window.measure(tokens: 801, messages: 1)
        let warning = try #require(window.warning(for: messages))
        #expect(warning.contains("801 of the 1000 tokens"))
        #expect(ContextWindow(size: nil, toolCharacters: 1 << 20).warning(for: messages) == nil)
    }

    @Test("the largest numbers of a server do not overflow")
    func largestNumbers() throws {
        let most = Int(Int32.max)
        var window = ContextWindow(size: most, toolCharacters: 1 << 40)
        #expect(window.resultLimit(.max) == most)
        window.measure(tokens: 2 * most, messages: 1)
        #expect(window.estimate(of: messages + messages) == 2 * most + 100)
        #expect(try #require(window.warning(for: messages)).contains("4294967294 of the 2147483647 tokens"))
    }

    @Test("a result takes at most a quarter of the window")
    func aResultTakesAQuarterOfTheWindowAtMost() {
        #expect(ContextWindow(size: 4_096, toolCharacters: 0).resultLimit(60_000) == 4_096)
        #expect(ContextWindow(size: 100_000, toolCharacters: 0).resultLimit(60_000) == 60_000)
        #expect(ContextWindow(size: nil, toolCharacters: 0).resultLimit(60_000) == 60_000)
    }
}
