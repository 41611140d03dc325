import Foundation
import ToolHost
import ToolJSON

/// Single calls: in a worker beside a round trip over the same kind of socket, and in this process beside a round trip
/// to another thread.
enum IsolatedCalls {
    private static let rounds = 400
    private static let spawned = 40
    private static let callsPerRound = 50
    private static let example = ToolCall(name: "isolated", arguments: ["city": "London"])

    static func measure(_ workshop: PluginWorkshop, command: String, into table: inout Table) async throws {
        announce("Single calls, in a worker and in this process …")
        try workshop.plugin("isolated", in: "isolated")
        let directory = workshop.directory.appending(path: "isolated").path
        let program = URL(filePath: command).deletingLastPathComponent()
            .appending(path: "../libexec/toolhost/toolhost-worker").standardized.path

        let clock = ContinuousClock()
        let isolated = try await host(directory, .workers(WorkerConfiguration(program: program)))
        let inProcess = try await host(directory, .inProcess)
        var unconfined = WorkerConfiguration(program: program)
        unconfined.sandbox = .off
        var spawns: [String: [Duration]] = [:]
        for _ in 0..<spawned {
            for (name, workers) in [("confined", WorkerConfiguration(program: program)), ("unconfined", unconfined)] {
                // A new host has no worker yet.
                let fresh = try await host(directory, .workers(workers))
                spawns[name, default: []].append(try await clock.measure { try await call(fresh) })
            }
        }
        try await call(isolated)
        let peer = try PingPong(workshop)
        let handOff = HandOff()

        var times: [String: [Duration]] = [:]
        // Alternating, so that other load on the machine affects all equally.
        for _ in 0..<rounds {
            for _ in 0..<callsPerRound {
                times["isolated", default: []].append(try await clock.measure { try await call(isolated) })
            }
            for _ in 0..<callsPerRound { times["ping", default: []].append(try clock.measure { try peer.exchange() }) }
            for _ in 0..<callsPerRound {
                times["in process", default: []].append(try await clock.measure { try await call(inProcess) })
            }
            for _ in 0..<callsPerRound { times["hand-off", default: []].append(clock.measure { handOff.exchange() }) }
        }
        let sorted = times.mapValues { $0.sorted() }
        func quantile(_ name: String, _ share: Double) -> Duration {
            let values = sorted[name] ?? []
            return values[Int(Double(values.count - 1) * share)]
        }
        for (name, share) in [("p50", 0.5), ("p99", 0.99)] {
            table.add(
                "call in a worker, \(name)",
                quantile("isolated", share),
                beside: quantile("ping", share),
                "a round trip over a socket, \(name)"
            )
            table.add(
                "call in this process, \(name)",
                quantile("in process", share),
                beside: quantile("hand-off", share),
                "a round trip to a thread, \(name)"
            )
        }
        table.add(
            "first call, with the start of a worker",
            median(spawns["confined"] ?? []),
            beside: median(spawns["unconfined"] ?? []),
            "without a sandbox"
        )
        let bare = try BareHost(workshop, worker: program, plugin: directory + "/isolated.so")
        table.add(
            "set-up of the sandbox",
            bare.confinement,
            beside: bare.noConfinement,
            "the same order without a sandbox"
        )
        table.add("the function of the tool on the caller's thread", bare.directCall)
        table.add(
            "memory of a worker before it loads a plugin",
            bytes: bare.resident,
            beside: bare.own,
            "not shared with other processes"
        )
        try await memory(isolated, into: &table)
    }

    /// Measures the memory that 100,000 calls leave behind.
    private static func memory(_ host: ToolHost, into table: inout Table) async throws {
        announce("100,000 calls in a worker …")
        func run(_ count: Int) async throws {
            for _ in 0..<count / 50 {
                let results = await host.dispatch(Array(repeating: example, count: 50)).results
                guard results.allSatisfy({ $0.status == .ok }) else { throw BenchmarkError("A call failed.") }
            }
        }
        try await run(5000)
        let workers = Memory.children
        let before = (Memory.resident(getpid()), workers.map(Memory.resident).reduce(0, +))
        try await run(100_000)
        let after = (Memory.resident(getpid()), workers.map(Memory.resident).reduce(0, +))
        table.add("memory of the host after 100,000 calls", bytes: after.0, beside: before.0, "before them")
        table.add("memory of the worker after them", bytes: after.1, beside: before.1, "before them")
    }

    private static func host(_ directory: String, _ isolation: PluginIsolation) async throws -> ToolHost {
        var configuration = HostConfiguration()
        configuration.searchPath.add(directory)
        configuration.isolation = isolation
        configuration.authorization = .allowAll
        let host = ToolHost(configuration)
        try await host.loadPlugins()
        guard host.tools.count == 1 else { throw BenchmarkError("\(host.plugins)") }
        return host
    }

    private static func call(_ host: ToolHost) async throws {
        let results = await host.dispatch([example]).results
        guard results.first?.status == .ok else { throw BenchmarkError("A call failed: \(results)") }
    }
}

/// A process that echoes bytes over a socket like that of a worker.
private final class PingPong {
    private let process = Process()
    private let socket: Int32
    private var bytes = [UInt8](repeating: 1, count: 64)

    init(_ workshop: PluginWorkshop) throws {
        let program = try workshop.program(
            "pingpong",
            """
            #include <unistd.h>
            int main(void) {
                char bytes[64];
                for (ssize_t count; (count = read(0, bytes, sizeof bytes)) > 0;)
                    if (write(0, bytes, (size_t)count) != count) return 1;
                return 0;
            }
            """
        )
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw BenchmarkError("No socket could be created.")
        }
        socket = ends[0]
        process.executableURL = program
        process.standardInput = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        try process.run()
    }

    deinit {
        close(socket)
        process.waitUntilExit()
    }

    func exchange() throws {
        guard write(socket, bytes, bytes.count) == bytes.count, read(socket, &bytes, bytes.count) == bytes.count else {
            throw BenchmarkError("The other process exited.")
        }
    }
}

/// A thread that responds to requests at once.
private final class HandOff: @unchecked Sendable {
    private let condition = NSCondition()
    private var (requested, completed) = (0, 0)

    init() {
        Thread.detachNewThread { [self] in
            condition.lock()
            while true {
                while completed == requested { condition.wait() }
                completed = requested
                condition.broadcast()
            }
        }
    }

    func exchange() {
        condition.lock()
        requested += 1
        condition.broadcast()
        while completed != requested { condition.wait() }
        condition.unlock()
    }
}

/// The memory of processes, from `/proc`.
private enum Memory {
    /// Returns the resident memory of a process in bytes.
    static func resident(_ process: pid_t) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) << 10
    }

    /// The worker processes of this process.
    static var children: [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { process in
            let line = (try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8)) ?? ""
            return line.hasSuffix("toolhost-worker\0\(getpid())\0")
        }
    }
}
