import Foundation
import ToolHost
import ToolJSON

/// One call at a time: in a worker beside a bare ping-pong over the same kind of socket, and in this process beside a
/// bare hand-off to a thread and back.
enum IsolatedCalls {
    private static let rounds = 400
    private static let spawned = 40
    private static let callsPerRound = 50
    private static let example = ToolCall(name: "isolated", arguments: ["city": "London"])

    static func measure(_ workshop: PluginWorkshop, command: String, into table: inout Table) async throws {
        announce("Calls one at a time, isolated and in this process …")
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
        // By turns, so that whatever else the machine does hits all alike.
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
                "isolated call, \(name)",
                quantile("isolated", share),
                beside: quantile("ping", share),
                "a bare ping-pong, \(name)"
            )
            table.add(
                "call in this process, \(name)",
                quantile("in process", share),
                beside: quantile("hand-off", share),
                "a bare hand-off to a thread, \(name)"
            )
        }
        table.add(
            "from nothing to the first result",
            median(spawns["confined"] ?? []),
            beside: median(spawns["unconfined"] ?? []),
            "without a sandbox"
        )
        let bare = try BareHost(workshop, worker: program, plugin: directory + "/isolated.so")
        table.add("the sandbox by itself", bare.confinement, beside: bare.noConfinement, "an order to set up none")
        table.add("the tool's function on the caller's thread", bare.directCall)
        table.add(
            "a worker before it loads a plugin",
            bytes: bare.resident,
            beside: bare.own,
            "no other process shares"
        )
        try await memory(isolated, into: &table)
    }

    /// 100,000 calls, and what they leave behind.
    private static func memory(_ host: ToolHost, into table: inout Table) async throws {
        announce("100,000 isolated calls …")
        func run(_ count: Int) async throws {
            for _ in 0..<count / 50 {
                let answers = await host.dispatch(Array(repeating: example, count: 50))
                guard answers.allSatisfy({ $0.status == .ok }) else { throw BenchmarkError("A call failed.") }
            }
        }
        try await run(5000)
        let workers = Memory.children
        let before = (Memory.resident(getpid()), workers.map(Memory.resident).reduce(0, +))
        try await run(100_000)
        let after = (Memory.resident(getpid()), workers.map(Memory.resident).reduce(0, +))
        table.add("host after 100,000 calls", bytes: after.0, beside: before.0, "before them")
        table.add("its worker after them", bytes: after.1, beside: before.1, "before them")
    }

    private static func host(_ directory: String, _ isolation: PluginIsolation) async throws -> ToolHost {
        var configuration = HostConfiguration()
        configuration.searchPath.add(directory)
        configuration.isolation = isolation
        let host = ToolHost(configuration)
        try await host.loadPlugins()
        guard host.tools.count == 1 else { throw BenchmarkError("\(host.plugins)") }
        return host
    }

    private static func call(_ host: ToolHost) async throws {
        let answers = await host.dispatch([example])
        guard answers.first?.status == .ok else { throw BenchmarkError("A call failed: \(answers)") }
    }
}

/// Another process that sends back what it is sent, over a socket such as workers have.
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
            throw BenchmarkError("There is no socket to be had.")
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
            throw BenchmarkError("The other process is gone.")
        }
    }
}

/// A thread that answers as soon as it is asked.
private final class HandOff: @unchecked Sendable {
    private let condition = NSCondition()
    private var (asked, answered) = (0, 0)

    init() {
        Thread.detachNewThread { [self] in
            condition.lock()
            while true {
                while answered == asked { condition.wait() }
                answered = asked
                condition.broadcast()
            }
        }
    }

    func exchange() {
        condition.lock()
        asked += 1
        condition.broadcast()
        while answered != asked { condition.wait() }
        condition.unlock()
    }
}

/// What processes hold in memory, as the kernel tells.
private enum Memory {
    /// Bytes.
    static func resident(_ process: pid_t) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) << 10
    }

    /// The worker processes of this one.
    static var children: [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { process in
            let line = (try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8)) ?? ""
            return line.hasSuffix("toolhost-worker\0\(getpid())\0")
        }
    }
}
