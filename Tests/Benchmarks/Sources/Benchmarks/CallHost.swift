import Foundation
import ToolHost
import ToolJSON

/// A host with one plugin whose tool returns at once.
struct CallHost {
    let host: ToolHost
    private let call = ToolCall(name: "isolated", arguments: ["city": "London"])

    /// Loads the plugin, which the workshop must have compiled in the directory `isolated`.
    init(_ workshop: PluginWorkshop, _ isolation: PluginIsolation) async throws {
        var configuration = HostConfiguration()
        configuration.searchPath.add(workshop.directory.appending(path: "isolated").path)
        configuration.isolation = isolation
        configuration.authorization = .allowAll
        host = ToolHost(configuration)
        try await host.loadPlugins()
        guard host.tools.count == 1 else { throw BenchmarkError("\(host.plugins)") }
    }

    /// Runs one message with a number of calls.
    func call(_ count: Int = 1) async throws {
        let results = await host.dispatch(count == 1 ? [call] : Array(repeating: call, count: count)).results
        guard results.count == count, results.allSatisfy({ $0.status == .ok }) else {
            throw BenchmarkError("A call failed: \(results)")
        }
    }
}
