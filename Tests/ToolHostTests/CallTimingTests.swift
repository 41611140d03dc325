import TestSupport
import Testing

@testable import ToolHost

@Suite("The timing of a call", .inBothIsolations, .timeLimit(.minutes(10)))
struct CallTimingTests {
    @Test(
        "the stages are never negative, and their sum is the total",
        arguments: [
            ([100, 1, 2, 3, 4], [1, 2, 3, 4, 90]), ([5, 1, 2, 3, 4], [1, 0, 0, 4, 0]),
            ([0, 1, 2, 3, 4], [0, 0, 0, 0, 0]),
            ([9, 0, 0, 0, 20], [0, 0, 0, 9, 0]), ([9, -1, -1, -1, -1], [0, 0, 0, 0, 9]),
        ] as [([Int], [Int])]
    )
    func stages(given: [Int], expected: [Int]) {
        let given = given.map { Duration.nanoseconds($0) }
        let timing = CallTiming(total: given[0], parse: given[1], check: given[2], authorize: given[3], call: given[4])
        let stages = [timing.parse, timing.check, timing.authorize, timing.call, timing.transport]
        #expect(stages == expected.map { .nanoseconds($0) })
        #expect(timing.total == given[0])
    }

    @Test("the total of a typical call is the median")
    func typical() throws {
        let timings = (1...9).map { number in
            CallTiming(
                total: .microseconds(10 * number),
                parse: .microseconds(1),
                check: .microseconds(number % 3),
                authorize: .zero,
                call: .microseconds(2)
            )
        }
        let typical = try #require(CallTiming.typical(of: timings.shuffled()))
        #expect(typical.total == .microseconds(50))
        #expect((typical.check, typical.transport) == (.microseconds(1), .microseconds(46)))
        #expect(CallTiming.typical(of: []) == nil)
    }

    @Test(
        "a timed call has the result of any other call",
        arguments: [
            ("echo", #"{"a":1}"#, ToolStatus.ok), ("repeat", #"{"text":"x","times":"3"}"#, .ok),
            ("repeat", #"{"text":1}"#, .invalidArguments), ("repeat", "{", .invalidArguments),
            ("nope", "{}", .unknownTool),
        ]
    )
    func result(tool: String, arguments: String, status: ToolStatus) async throws {
        let fixture = try await HostFixture.make(["healthy": FixtureSource.healthy])
        let (result, timing) = await fixture.host.timedCall(of: tool, arguments: arguments)
        // A worker needs the file, which is removed with the fixture.
        withExtendedLifetime(fixture) {}
        #expect(result.status == status)
        #expect(timing.total == timing.parse + timing.check + timing.authorize + timing.call + timing.transport)
        #expect(timing.call <= result.duration)
        if status == .ok { #expect(timing.call > .zero && timing.check > .zero && timing.transport > .zero) }
    }
}
