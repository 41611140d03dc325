import OllamaClient
import Testing
import ToolJSON

@testable import ToolAgent

@Suite("The estimate of the context window")
struct ContextWindowTests {
    private let messages = [ChatMessage(role: .user, content: String(repeating: "a", count: 400))]

    @Test("bytes are counted until the server reports a count of tokens")
    func bytesAndTokens() {
        var window = ContextWindow(size: 1_000, toolBytes: 80)
        #expect(window.tokens(of: messages) == 120)
        #expect(window.record(prompt: 110, output: 40, messages: messages) == nil)
        #expect(window.tokens(of: messages) == 120)
        #expect(window.tokens(of: messages + messages) == 150)
        #expect(window.tokens(of: messages + messages + messages) == 250)
        window.forgetMessages()
        #expect(window.tokens(of: messages + messages) == 220)
    }

    @Test("the tools and the messages add up to the tokens of the next request")
    func usage() {
        var window = ContextWindow(size: 1_000, toolBytes: 80)
        #expect(window.usage(of: messages) == ContextUsage(toolTokens: 20, messageTokens: 100, windowTokens: 1_000))
        #expect(window.usage(of: messages).fraction == 0.12)
        _ = window.record(prompt: 300, output: 100, messages: messages)
        let usage = window.usage(of: messages + [ChatMessage(role: .assistant, content: "Hello")])
        #expect(usage.totalTokens == 400 && usage.fraction == 0.4)
        let unknown = ContextWindow(size: nil, toolBytes: 80).usage(of: messages)
        #expect(unknown.totalTokens == 120 && unknown.fraction == nil)
    }

    @Test("more than 80 percent of the window causes a warning")
    func warning() throws {
        var window = ContextWindow(size: 1_000, toolBytes: 0)
        _ = window.record(prompt: 700, output: 100, messages: messages)
        #expect(window.warning(for: messages + messages) == nil)
        _ = window.record(prompt: 700, output: 101, messages: messages)
        #expect(try #require(window.warning(for: messages + messages)).contains("801 of the 1000 tokens"))
        #expect(ContextWindow(size: nil, toolBytes: 1 << 20).warning(for: messages) == nil)
    }

    @Test("the largest numbers of a server do not overflow")
    func largestNumbers() throws {
        let most = Int(Int32.max)
        var window = ContextWindow(size: most, toolBytes: 1 << 40)
        #expect(window.resultLimit(.max) == most)
        _ = window.record(prompt: most, output: most, messages: messages)
        _ = window.record(prompt: most, output: most, messages: messages + messages)
        window = ContextWindow(size: most, toolBytes: 80)
        _ = window.record(prompt: most, output: most, messages: messages)
        _ = window.record(prompt: most, output: most, messages: messages + messages)
        #expect(window.tokens(of: messages + messages + messages) == 2 * most)
        let warning = window.warning(for: messages + messages + messages)
        #expect(try #require(warning).contains("4294967294 of the 2147483647 tokens"))
    }

    @Test("a result takes at most a quarter of the window")
    func resultLimit() {
        #expect(ContextWindow(size: 4_096, toolBytes: 0).resultLimit(60_000) == 4_096)
        #expect(ContextWindow(size: 100_000, toolBytes: 0).resultLimit(60_000) == 60_000)
        #expect(ContextWindow(size: nil, toolBytes: 0).resultLimit(60_000) == 60_000)
    }

    @Test("a count of the server calibrates the estimate and the limit of results")
    func calibration() {
        var window = ContextWindow(size: 4_000, toolBytes: 1_600)
        _ = window.record(prompt: 1_000, output: 10, messages: messages)
        #expect(window.estimate.bytesPerToken == 2 && window.toolTokens == 800)
        #expect(window.resultLimit(60_000) == 2_000)
    }

    @Test(
        "only a plausible count of enough tokens calibrates the estimate",
        arguments: [
            (1_000, 500, 2.0), (1_000, 1_000, 1), (3_000, 500, 6), (1_000, 1_001, 4), (3_001, 500, 4), (400, 199, 4),
            (0, 500, 4), (1_000, 0, 4), (1 << 40, Int(Int32.max), 4),
        ] as [(Int, Int, Double)]
    )
    func plausibility(bytes: Int, count: Int, ratio: Double) {
        var estimate = TokenEstimate()
        estimate.calibrate(bytes: bytes, count: count)
        #expect(estimate.bytesPerToken == ratio && estimate.isCalibrated == (ratio != 4))
    }

    @Test("a prompt with an image does not calibrate the estimate")
    func images() {
        var window = ContextWindow(size: 4_000, toolBytes: 1_600)
        _ = window.record(prompt: 1_000, output: 0, messages: [ChatMessage(role: .user, images: [[1]])])
        #expect(!window.estimate.isCalibrated)
    }
}
