import Glibc
import TestSupport
import Testing
import ToolJSON
import ToolRuntime

@testable import ToolHost

@Suite("Callers that receive the messages of a worker", .timeLimit(.minutes(5)))
struct WorkerAssistanceTests {
    /// An observation of a call, with the thread on which it was made.
    private struct Observation: Sendable, Equatable {
        let words: String
        let thread: pthread_t
    }

    /// The observations of a call in order.
    private let log = Monitor<[Observation]>([])

    private func note(_ words: String) {
        let thread = pthread_self()
        log.change { $0.append(Observation(words: words, thread: thread)) }
    }

    /// Runs a call on a thread that assists until the call has its result or no message follows.
    ///
    /// - Returns: The observations, and the thread.
    private func call(
        _ plugin: WorkerPlugin,
        _ how: String,
        assists: Bool = true
    ) async throws -> (observations: [Observation], caller: pthread_t) {
        log.change { $0 = [] }
        let result = await HostThreads.value { [self] () -> ([Observation], pthread_t) in
            let request = CallRequest(
                arguments: SerialisedArguments(["how": .string(how)]),
                timeout: .seconds(60),
                grace: .seconds(1),
                resultBytes: 1 << 10
            )
            let isDone = Monitor(false)
            _ = plugin.start(tool: 0, request) { event in
                guard case .ended(let end) = event else { return }
                note("\(end.reason)")
                isDone.change { $0 = true }
            }
            plugin.flush()
            if assists {
                plugin.assist(until: .now + .seconds(60)) { isDone.changeQuietly(\.self) }
            } else {
                plugin.assist(until: .now) { false }
            }
            isDone.wait { $0 ? .done(()) : .wait(until: nil) }
            return (log.changeQuietly(\.self), pthread_self())
        }
        return try #require(result)
    }

    private func fixture(_ source: String) async throws -> HostFixture {
        try await WorkerFixture.make(["act": source]) {
            $0.output = { [self] _, line in note(line) }
            $0.logger = .recording { [self] _, _, line in note(line) }
        }
    }

    @Test("a caller gets results on its own thread, and the worker's own thread those of other callers")
    func results() async throws {
        let fixture = try await fixture(FixtureSource.file("talker.c"))
        // Its directory must not be deleted.
        defer { withExtendedLifetime(fixture) {} }
        let plugin = try fixture.workerPlugin()
        _ = try await call(plugin, "")
        var isOwn = false
        // The thread of the worker may have been faster.
        for _ in 0..<1000 where !isOwn {
            let (observations, caller) = try await call(plugin, "")
            isOwn = observations == [Observation(words: "completed(0)", thread: caller)]
        }
        #expect(isOwn)
        let (observations, caller) = try await call(plugin, "", assists: false)
        #expect(observations.map(\.words) == ["completed(0)"] && observations[0].thread != caller)
    }

    @Test("a caller's thread shows no line, and each line precedes the result", arguments: ["print", "log"])
    func lines(how: String) async throws {
        let fixture = try await fixture(FixtureSource.file("talker.c"))
        // Its directory must not be deleted.
        defer { withExtendedLifetime(fixture) {} }
        let plugin = try fixture.workerPlugin()
        for _ in 0..<100 {
            let (observations, caller) = try await call(plugin, how)
            #expect(observations.map(\.words) == ["a line", "completed(0)"])
            #expect(observations.first?.thread != caller)
        }
    }

    @Test(
        "a call whose worker dies while the caller assists fails, and the next one runs",
        arguments: ["segv", "exit"]
    )
    func death(how: String) async throws {
        let fixture = try await fixture(WorkerFixture.actor())
        // Its directory must not be deleted.
        defer { withExtendedLifetime(fixture) {} }
        let plugin = try fixture.workerPlugin()
        for _ in 0..<3 {
            _ = try await call(plugin, "")
            let words = try await call(plugin, how).observations.map(\.words)
            #expect(words.count == 1 && words[0].contains("brought its worker process down"), "\(words)")
        }
    }

    @Test("a violation of the protocol that a caller finds ends its call and the process")
    func violation() async throws {
        let directory = try FixtureDirectory()
        try directory.plugin("liar.so", "int nothing;")
        let program = try directory.program("forger", FixtureSource.file("forging_worker.c"))
        let fixture = try await HostFixture.make(directory) {
            $0.isolation = .workers(WorkerConfiguration(program: program))
        }
        // Without a kind, the worker sends a frame of the kind 0.
        let words = try await call(fixture.workerPlugin(), "").observations.map(\.words)
        #expect(words.count == 1 && words[0].contains("broke the protocol"), "\(words)")
    }

    @Test("a call with old grants ends while its caller assists, and its process is replaced")
    func grants() async throws {
        let fixture = try await fixture(WorkerFixture.actor())
        let plugin = try fixture.workerPlugin()
        for variable in ["A", "B", "C"] {
            async let result = call(plugin, "")
            var permissions = PluginPermissions()
            permissions.environment = [variable]
            plugin.grant(permissions)
            #expect(try await result.observations.map(\.words) == ["completed(0)"])
        }
    }
}
