import Glibc
import TestSupport
import Testing
import ToolJSON
import ToolRuntime

@testable import ToolHost

/// Hosts whose plugins run in workers.
enum WorkerFixture {
    /// The source of a tool that does what its argument "how" says, and otherwise returns the number of its process.
    ///
    /// - Parameters:
    ///   - extra: More members of the tool's schema, each with a comma before it.
    ///   - isConcurrent: True if calls of the tool run beside one another.
    static func actor(_ tool: String = "act", extra: String = "", isConcurrent: Bool = true) throws -> String {
        try FixtureSource.file(
            "worker_actor.c",
            defining: [
                "ACTOR_NAME": FixtureSource.literal(tool),
                "ACTOR_EXTRA": FixtureSource.literal(extra),
                "ACTOR_FLAGS": isConcurrent ? "TOOL_FLAG_CONCURRENT" : "0",
            ]
        )
    }

    /// Members of a schema that mark a tool as one that changes nothing.
    static let readOnly = #","toolhost":{"annotations":{"readOnly":true}}"#

    static func make(
        _ sources: KeyValuePairs<String, String>,
        configure: (inout HostConfiguration) -> Void = { _ in }
    ) async throws -> HostFixture {
        try await Isolation.$current.withValue(Isolation.workers) {
            try await HostFixture.make(sources, configure: configure)
        }
    }
}

extension HostFixture {
    /// Calls the actor.
    func act(_ how: String = "") async throws -> ToolResult {
        try #require(await host.dispatch([ToolCall(name: "act", arguments: ["how": .string(how)])]).results.first)
    }

    /// Calls the actor, and returns the number of its process.
    func process(_ how: String = "") async throws -> pid_t {
        let result = try await act(how)
        #expect(result.status == .ok)
        return try #require(pid_t(result.text))
    }

    /// The incidents of all plugins, in one string.
    var incidents: String { host.plugins.flatMap(\.problems).joined(separator: "\n") }

    /// The plugin of the first tool.
    func workerPlugin() throws -> WorkerPlugin { try #require(host.tools.first?.source as? WorkerPlugin) }

    /// Waits until the state of the plugin of the first tool meets a condition.
    func wait(until isMet: @escaping @Sendable (WorkerPlugin.State) -> Bool) async throws {
        try await workerPlugin().wait(until: isMet)
    }
}

extension WorkerPlugin {
    /// Waits until the state meets a condition.
    func wait(until isMet: @escaping @Sendable (State) -> Bool) async throws {
        let isReached = await HostThreads.value { [state] in
            let end = MonotonicInstant.now + .seconds(120)
            return state.wait { state -> Monitor<State>.Waiting<Bool> in
                if isMet(state) { return .done(true) }
                return MonotonicInstant.now < end ? .wait(until: end) : .done(false)
            }
        }
        try #require(isReached == true)
    }
}

/// Waits until a worker process of this host has exited or stopped.
func processExit(_ process: pid_t) async throws {
    let isReached = await HostThreads.value {
        var info = siginfo_t()
        // The host reaps the process, before or after this.
        return waitid(P_PID, id_t(process), &info, WEXITED | WSTOPPED | WNOWAIT) == 0 || errno == ECHILD
    }
    try #require(isReached == true)
}
