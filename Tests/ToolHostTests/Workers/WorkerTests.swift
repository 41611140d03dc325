import Foundation
import Locks
import Logging
import TestSupport
import Testing
import ToolJSON
import ToolRuntime
@testable import ToolHost

@Suite("Worker processes", .timeLimit(.minutes(10)))
struct WorkerTests {
    @Test("each plugin runs all its calls in one separate process")
    func processes() async throws {
        let fixture = try await WorkerFixture.make([
            "one": WorkerFixture.actor("one"), "two": WorkerFixture.actor("two"),
        ])
        let names = ["one", "two", "one", "two"]
        let numbers = await fixture.host.dispatch(names.map { ToolCall(name: $0) }).results.map(\.text)
        #expect(Set(numbers).count == 2 && !numbers.contains(String(getpid())))
        #expect(numbers[0] == numbers[2] && numbers[1] == numbers[3])
    }

    @Test("a plugin changes only the directory, mask, locale and environment of its process")
    func processState() async throws {
        let fixture = try await WorkerFixture.make([
            "tell": FixtureSource.file("process_state.c", defining: ["STATE_NAME": "\"tell\""]),
            "change": FixtureSource.file("process_state.c", defining: ["STATE_NAME": "\"change\"", "CHANGES": ""]),
        ])
        func texts() async -> [String] {
            await fixture.host.dispatch(["tell", "change", "tell"].map { ToolCall(name: $0) }).results.map(\.text)
        }
        let own = FileManager.default.currentDirectoryPath
        let first = await texts()
        // The sandbox does not let a plugin change the mask, and reports it as 0.
        #expect(first[0] == "/ 0 C unset" && first[0] == first[2])
        #expect(first[1].hasPrefix("/usr 0 ") && first[1].hasSuffix(" set"), "\(first[1])")
        #expect(await texts() == first)
        #expect(FileManager.default.currentDirectoryPath == own && getenv("ZOO") == nil)
    }

    @Test("arguments and results of any size reach the plugin and the host")
    func largeValues() async throws {
        // With instrumentation on a busy machine it takes a minute.
        let fixture = try await WorkerFixture.make(["healthy": FixtureSource.healthy]) {
            $0.limits.timeout = .seconds(300)
        }
        let text = String(repeating: "é\u{1F600}\"", count: 500_000)
        let calls = (0..<4).map { _ in ToolCall(name: "echo", arguments: ["t": .string(text)]) }
        for result in await fixture.host.dispatch(calls).results {
            #expect(try JSON(parsing: result.text)["t"] == .string(text))
        }
    }

    @Test("an image that is sent in pieces arrives as one")
    func images() async throws {
        let fixture = try await WorkerFixture.make(["large": FixtureSource.file("large_output.c")])
        let result = try #require(await fixture.call("draw"))
        #expect(result.images.map(\.count) == [1_000_000, 7])
    }

    @Test("log messages beyond the limit are dropped, and their number is logged")
    func logMessages() async throws {
        let lines = Lock<[String]>([])
        let fixture = try await WorkerFixture.make(["large": FixtureSource.file("large_output.c")]) {
            $0.logger = .recording { _, _, line in lines.withLock { $0.append(line) } }
        }
        #expect(await fixture.call("log")?.status == .ok)
        let (shown, notes) = lines.withLock { lines in
            (lines.count { $0 == "again" }, lines.filter { $0.contains("log lines came too fast and were dropped") })
        }
        #expect(0..<100_000 ~= shown && !notes.isEmpty)
    }

    @Test("a worker takes so many messages of a kind within a second")
    func allowance() {
        let start = MonotonicInstant.now
        var allowance = MessageAllowance(perSecond: 2, at: start)
        var taken: [Bool] = []
        for _ in 0..<5 { taken.append(allowance.take(at: start)) }
        #expect(taken == [true, true, false, false, false])
        var dropped = [allowance.takeDropped(), allowance.takeDropped()]
        #expect(dropped == [3, 0])
        taken = [allowance.take(at: start + .milliseconds(999)), allowance.take(at: start + .seconds(1))]
        #expect(taken == [false, true])
        dropped = [allowance.takeDropped()]
        #expect(dropped == [1])
    }
}
