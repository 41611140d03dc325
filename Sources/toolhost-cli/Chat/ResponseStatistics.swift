import Terminal
import ToolAgent

/// The tokens and times of a response, added up over its messages.
struct ResponseStatistics: Sendable {
    private var messages = 0
    private var prompt = (tokens: 0, time: Duration.zero)
    private var output = (tokens: 0, time: Duration.zero)
    private var loading = Duration.zero
    private var context: ContextUsage?
    private let start = ContinuousClock.now

    /// Adds the cost of a message; what the server does not report counts as zero.
    mutating func add(_ metrics: TurnMetrics) {
        messages += 1
        prompt.tokens += metrics.promptTokens ?? 0
        prompt.time += metrics.promptDuration ?? .zero
        output.tokens += metrics.outputTokens ?? 0
        output.time += metrics.outputDuration ?? .zero
        loading += metrics.loadDuration ?? .zero
        context = metrics.context
    }

    /// The statistics in one line, such as
    /// `3.2 s, 2 messages: prompt 1,030 tokens (4,682/s), answer 48 tokens (53/s), loading 210 ms, context 31 % of
    /// 4,096`.
    var line: TerminalLine {
        let count: TerminalLine = messages > 1 ? ", \(messages.counted("message"))" : ""
        let rest: TerminalLine = loading > .zero ? ", loading \(loading.brief)" : ""
        let time = (ContinuousClock.now - start).brief
        return "\(time)\(count): prompt \(Self.text(prompt)), answer \(Self.text(output))\(rest)\(usedContext)"
    }

    private var usedContext: TerminalLine {
        guard let context, let percent = context.percent, let size = context.windowTokens else { return "" }
        return ", context \(percent) % of \(size.grouped)"
    }

    private static func text(_ cost: (tokens: Int, time: Duration)) -> TerminalLine {
        guard cost.time > .zero else { return "\(cost.tokens.grouped) tokens" }
        let speed = min(Double(cost.tokens) / cost.time.inSeconds, 1e9)
        return "\(cost.tokens.grouped) tokens (\(Int(speed.rounded()).grouped)/s)"
    }
}
