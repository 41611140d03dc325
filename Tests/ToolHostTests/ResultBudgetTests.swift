import TestSupport
import Testing
import ToolHost
import ToolJSON

@Suite("The budget for the results of one message", .timeLimit(.minutes(5)))
struct ResultBudgetTests {
    /// A tool that writes a number of KiB of some kind.
    private static let source = FixtureSource.tool(
        "write",
        extra: #","parameters":{"type":"object","properties":{"kind":{"type":"string"},"kib":{"type":"integer"}}}"#,
        body: """
            static char page[1024];
            tool_text_v1 kind;
            int64_t kib = 0;
            tool_get_text(call, "/kind", &kind);
            tool_get_i64(call, "/kib", &kib);
            memset(page, kind.bytes[0] == 'c' ? 1 : kind.bytes[0] == 'u' ? 0xFF : 'x', sizeof page);
            if (kind.bytes[0] == 'j') tool_write_json(call, tool_text("\\""));
            for (int64_t i = 0; i < kib; i++) {
                tool_text_v1 text = {page, sizeof page};
                if (kind.bytes[0] == 'i') tool_write_data(call, "image/png", page, sizeof page);
                else if (kind.bytes[0] == 'j') tool_write_json(call, text);
                else if (kind.bytes[0] == 'p') tool_write_data(call, i % 2 ? "a/b" : "c/d", page, 1);
                else tool_write_text(call, text);
            }
            if (kind.bytes[0] == 'j') tool_write_json(call, tool_text("\\""));
            return tool_finish(call, TOOL_OK);
            """
    )

    private func host(bytes: Int) async throws -> HostFixture {
        try await HostFixture.make(["write": Self.source, "healthy": FixtureSource.healthy]) {
            $0.limits.resultBytesPerMessage = bytes
        }
    }

    private func write(_ kind: String, kib: Int) -> ToolCall {
        ToolCall(name: "write", arguments: ["kind": .string(kind), "kib": .int(kib)])
    }

    private static let note = "bytes that were left for it in this message; the rest is missing.]"

    @Test("a single result can use the whole budget")
    func whole() async throws {
        let fixture = try await host(bytes: 64 << 10)
        let answers = await fixture.host.dispatch([write("text", kib: 64)]).results
        #expect(answers.map(\.text.utf8.count) == [64 << 10])
        #expect(answers.map(\.status) == [.ok])
    }

    @Test(
        "results of every kind are truncated to the budget, and a small result fits beside them",
        arguments: ["text", "control", "utf8", "image", "json", "parts"]
    )
    func kinds(kind: String) async throws {
        let fixture = try await host(bytes: 1 << 20)
        let healthy = ToolCall(name: "repeat", arguments: ["text": "0123456789", "times": 1000])
        let hostile = write(kind, kib: kind == "parts" ? 1000 : 900)
        let calls = [hostile, healthy, hostile, hostile, healthy, hostile, hostile, healthy]
        let answers = await fixture.host.dispatch(calls).results
        #expect(answers.map(\.call) == calls)
        #expect(answers.allSatisfy { $0.status == .ok })
        for (call, answer) in zip(calls, answers) where call == healthy {
            #expect(answer.text == String(repeating: "0123456789", count: 1000))
        }
        let total = answers.flatMap(\.parts).reduce(0) { $0 + $1.bytes.count }
        #expect(total < 1 << 20 && answers.contains { $0.parts.last?.bytes.ends(with: Self.note.utf8) == true })
        // Each of the eight calls can use an eighth of half of the budget. Each image takes a little more than its bytes.
        for answer in answers where kind != "parts" && answer.call == hostile {
            #expect(answer.parts.reduce(0) { $0 + $1.bytes.count } >= 50 << 10)
        }
    }

    @Test("each message has its own budget")
    func single() async throws {
        let fixture = try await host(bytes: 1 << 20)
        let answers = await fixture.host.dispatch([write("text", kib: 1000)]).results
        #expect(answers.first?.text == String(repeating: "x", count: 1000 << 10))
        // Each message has its own budget.
        #expect(await fixture.host.dispatch([write("text", kib: 1000)]).results.first?.text.utf8.count == 1000 << 10)
    }

    @Test("results that fit together are not truncated")
    func fitting() async throws {
        let fixture = try await host(bytes: 1 << 20)
        let answers = await fixture.host.dispatch(Array(repeating: write("text", kib: 60), count: 16)).results
        #expect(answers.allSatisfy { $0.text.utf8.count == 60 << 10 })
    }

    @Test("a truncated JSON result becomes text, and its call has not failed")
    func cutJSON() async throws {
        let fixture = try await host(bytes: 1 << 18)
        let answer = try #require(await fixture.host.dispatch([write("json", kib: 1000)]).results.first)
        #expect(answer.status == .ok)
        #expect(answer.parts.first?.mediaType.hasPrefix("text/plain") == true)
        #expect(answer.text.hasSuffix(Self.note))
    }

    @Test("the beginning of a result is the prefix of its text", arguments: [0, 1, 200, 20_000, 100_000])
    func beginning(count: Int) async throws {
        let fixture = try await host(bytes: 1 << 20)
        let answer = try #require(await fixture.host.dispatch([write("utf8", kib: 64)]).results.first)
        #expect(answer.beginning(of: count).unicodeScalars.elementsEqual(answer.text.unicodeScalars.prefix(count)))
    }
}

extension [UInt8] {
    fileprivate func ends(with suffix: String.UTF8View) -> Bool { self.suffix(suffix.count).elementsEqual(suffix) }
}
