import Foundation
import ToolHost
import ToolJSON

/// 64 calls that block for 200 ms each, in parallel and one by one.
enum BlockingCalls {
    static func measure(_ workshop: PluginWorkshop, into table: inout Table) async throws {
        announce("64 calls that block for 200 ms each, in parallel and one by one (13 s) …")
        try workshop.plugin("wait", in: "blocking", sleeping: 200)
        var configuration = HostConfiguration()
        configuration.isolation = .inProcess
        configuration.authorization = .allowAll
        configuration.searchPath.add(workshop.directory.appending(path: "blocking").path)
        let host = ToolHost(configuration)
        try await host.loadPlugins()
        let calls = Array(repeating: ToolCall(name: "wait", arguments: ["city": "London"]), count: 64)

        let clock = ContinuousClock()
        var parallel: [Duration] = []
        for _ in 0..<5 {
            parallel.append(try await clock.measure { try check(await host.dispatch(calls).results) })
        }
        let serial = try await clock.measure {
            for call in calls { try check(await host.dispatch([call]).results) }
        }
        table.add("64 calls of 200 ms in parallel", median(parallel), beside: .milliseconds(200), "a single call")
        table.add("64 calls of 200 ms in parallel", median(parallel), beside: serial, "one by one")
    }

    private static func check(_ results: [ToolResult]) throws {
        guard results.allSatisfy({ $0.status == .ok }) else { throw BenchmarkError("A call failed.") }
    }
}
