@testable import Terminal
import Testing

@Suite("Progress")
struct ProgressStateTests {
    private static func rows(_ state: ProgressState, at now: Duration, rows: Int = 24, columns: Int = 60) -> [String] {
        state.rows(at: now, size: (rows, columns)).map { $0.encoded(hasStyles: false) }
    }

    @Test("an activity and each running call have a row with the elapsed time")
    func layout() {
        var state = ProgressState()
        #expect(state.isEmpty && Self.rows(state, at: .seconds(1)).isEmpty)
        state.begin("loading qwen3", at: .seconds(1))
        state.start(0, name: "get_weather", owner: "weather.so", at: .seconds(2))
        state.start(1, name: "add", owner: "", at: .seconds(3))
        state.report(0, fraction: 0.459, message: "reading")
        state.report(1, fraction: nil, message: "step\n2")
        state.report(7, fraction: 1, message: "none")
        #expect(
            Self.rows(state, at: .milliseconds(64_300)) == [
                "  ⠸ loading qwen3… 1 min 3 s", "  ⠸ get_weather (weather.so) 1 min 2 s · 45 % · reading",
                "  ⠸ add 1 min 1 s · step<U+000A>2",
            ]
        )
        state.finish(0)
        state.endActivity()
        #expect(Self.rows(state, at: .milliseconds(6_400)) == ["  ⠼ add 3.4 s · step<U+000A>2"])
        #expect(!state.isEmpty)
        state.finish(1)
        #expect(state.isEmpty)
    }

    @Test("work is shown after 300 ms, and the same activity goes on")
    func delay() {
        var state = ProgressState()
        state.begin("waiting", at: .seconds(1))
        #expect(Self.rows(state, at: .milliseconds(1_299)).isEmpty)
        #expect(Self.rows(state, at: .milliseconds(1_300)) == ["  ⠸ waiting… 0.3 s"])
        state.begin("waiting", at: .seconds(2))
        #expect(Self.rows(state, at: .seconds(3)) == ["  ⠋ waiting… 2.0 s"])
        state.begin("thinking", at: .seconds(3))
        #expect(Self.rows(state, at: .milliseconds(3_200)).isEmpty)
        state.begin("silent", at: .seconds(4), delay: .seconds(2))
        #expect(Self.rows(state, at: .milliseconds(5_999)).isEmpty)
        #expect(Self.rows(state, at: .seconds(6)) == ["  ⠋ silent… 2.0 s"])
    }

    @Test(
        "there are at most two rows less than the terminal has",
        arguments: [(24, 12, 12), (14, 12, 12), (13, 11, 11), (8, 6, 6), (3, 1, 1), (2, 0, 0), (0, 0, 0)]
    )
    func height(rows: Int, count: Int, limit: Int) {
        var state = ProgressState()
        for id in 0..<12 { state.start(id, name: "tool\(id)", owner: "", at: .zero) }
        let shown = Self.rows(state, at: .seconds(1), rows: rows)
        #expect(shown.count == count)
        if count < 12, count > 0 { #expect(shown.last == "  … and \(12 - count + 1) more") }
    }

    @Test("each row is narrower than the terminal and begins with two spaces", arguments: [1, 10, 20, 40, 200])
    func width(columns: Int) {
        var state = ProgressState()
        state.begin(String(repeating: "日本 \u{1B}[2J", count: 30), at: .zero)
        state.start(1, name: String(repeating: "a\n", count: 500), owner: "\u{202E}x", at: .zero)
        state.report(1, fraction: .nan, message: String(repeating: "👍", count: 500))
        for row in Self.rows(state, at: .seconds(5), columns: columns) {
            #expect(row.unicodeScalars.reduce(0) { $0 + TextWidth.of($1) } < max(columns, 10), "\(row)")
            #expect(row.hasPrefix("  ") && row.unicodeScalars.allSatisfy(TerminalText.isSafe), "\(row)")
        }
    }

    @Test("a fraction outside of its range is ignored", arguments: [-0.1, 1.1, .infinity, .nan])
    func fraction(value: Double) {
        var state = ProgressState()
        state.start(1, name: "a", owner: "", at: .zero)
        state.report(1, fraction: value, message: "")
        #expect(Self.rows(state, at: .seconds(1)) == ["  ⠋ a 1.0 s"])
    }

    @Test("an unlimited number of calls is bounded")
    func count() {
        var state = ProgressState()
        for id in 0..<5000 { state.start(id, name: "a", owner: "", at: .zero) }
        #expect(Self.rows(state, at: .seconds(1)).last == "  … and 1,003 more")
    }

    @Test(
        "elapsed time is short",
        arguments: [
            (Duration.zero, "0.0 s"), (.milliseconds(3_299), "3.2 s"), (.milliseconds(9_999), "9.9 s"),
            (.seconds(10), "10 s"),
            (.seconds(59.9), "59 s"), (.seconds(60), "1 min 0 s"), (.seconds(7205), "120 min 5 s"),
            (.seconds(-1), "0.0 s"),
        ]
    )
    func elapsed(duration: Duration, text: String) {
        #expect(duration.elapsed == text)
    }
}
