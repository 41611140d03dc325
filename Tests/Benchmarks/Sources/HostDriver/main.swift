// Runs calls of the tool get_temperature on request, in a process without Foundation.
//
//     HostDriver WORKER PLUGIN [VARIABLE=VALUE ...]
//
// The variables are the environment of the workers. The program writes the line `ready`, then reads lines `NAME COUNT` and
// writes the nanoseconds that so many messages took. A name is that of a host: `isolated`, `in-process`, `program`, or
// `direct` for a tool of the program that runs on the caller's thread. With `*8`, each message has 8 calls.

import CToolPlugin
import Glibc
import ToolHost
import ToolJSON

/// The reason why the program stops.
struct DriverError: Error { let message: String }

/// A host with the one tool, and messages that call it.
struct Driver {
    private let host: ToolHost
    private static let call = ToolCall(name: "get_temperature", arguments: ["city": "London"])

    init(_ name: String, worker: String, plugin: String, environment: [String: String]) async throws {
        var configuration = HostConfiguration()
        configuration.authorization = .allowAll
        configuration.limits.calls = 10_000
        var workers = WorkerConfiguration(program: worker)
        workers.environment = environment
        configuration.isolation = name == "isolated" ? .workers(workers) : .inProcess
        let isOfProgram = ["program", "direct"].contains(name)
        if !isOfProgram { configuration.searchPath.add(plugin) }
        host = ToolHost(configuration)
        try await host.loadPlugins()
        if isOfProgram { try host.register(.init(Self.tool(of: plugin)), runsOnCaller: name == "direct") }
        guard host.tools.count == 1 else { throw DriverError(message: "\(host.plugins)") }
    }

    /// Runs messages with a number of calls each.
    func run(_ messages: Int, calls: Int) async throws {
        let batch = Array(repeating: Self.call, count: calls)
        for _ in 0..<messages {
            let results = await host.dispatch(batch).results
            guard results.count == calls, results.allSatisfy({ $0.status == .ok }), results[0].text == "15C" else {
                throw DriverError(message: "A call failed: \(results[0])")
            }
        }
    }

    /// Returns the tool of a plugin as a tool of this program.
    private static func tool(of plugin: String) throws -> UnsafePointer<tool_v1> {
        typealias Register = @convention(c) (UnsafePointer<tool_host_v1>?) -> UnsafePointer<tool_plugin_v1>?
        guard let entry = dlsym(dlopen(plugin, RTLD_NOW | RTLD_LOCAL), TOOL_PLUGIN_ENTRY) else {
            throw DriverError(message: "\(plugin) is no plugin.")
        }
        guard let tool = unsafeBitCast(entry, to: Register.self)(nil)?.pointee.tools[0] else {
            throw DriverError(message: "\(plugin) has no tool.")
        }
        return tool
    }
}

/// Writes a line without buffering.
func report(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
}

let words = CommandLine.arguments
guard words.count >= 3 else { throw DriverError(message: "Arguments: WORKER PLUGIN [VARIABLE=VALUE ...]") }
let environment = words.dropFirst(3).reduce(into: [String: String]()) { environment, word in
    let parts = word.split(separator: "=", maxSplits: 1)
    if parts.count == 2 { environment[String(parts[0])] = String(parts[1]) }
}
report("ready")
var drivers: [String: Driver] = [:]
while let line = readLine() {
    let parts = line.split(whereSeparator: { " *".contains($0) })
    guard let name = parts.first.map(String.init), parts.count >= 2, let count = Int(parts[parts.count - 1]) else {
        throw DriverError(message: "Not understood: \(line)")
    }
    let calls = parts.count > 2 ? Int(parts[1]) ?? 1 : 1
    if drivers[name] == nil {
        drivers[name] = try await Driver(name, worker: words[1], plugin: words[2], environment: environment)
    }
    let start = ContinuousClock.now
    try await drivers[name]?.run(count, calls: calls)
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    report(String(seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
}
