import Foundation

/// The allocations, waits and futex calls of one call, which are the same on every machine.
enum CallCounts {
    private static let hosts = [
        ("isolated", "call in a worker"), ("in-process", "call in this process"),
        ("program", "call of a tool of the program"), ("direct", "call on the caller's thread"),
    ]

    static func measure(_ workshop: PluginWorkshop, worker: String, into table: inout Table) throws {
        announce("The counts of a call …")
        let plugin = try workshop.plugin(of: "temperature.c")
        let counter = try AllocationCounter(workshop)
        let pingPong = try PingPong(workshop)
        for (host, name) in hosts {
            let driver = try HostDriver(
                worker: worker,
                plugin: plugin,
                variables: try counter.variables(.host),
                workerVariables: try counter.variables(.worker)
            )
            let batch = driver.batch(host)
            _ = try batch(500)
            func each(_ count: () -> Int) throws -> Double {
                try perCall(count) { _ = try batch($0) }
            }
            table.add("\(name): allocations in the host", perCall: try each { counter.count(.host) })
            let workers = driver.counts.workers
            if !workers.isEmpty {
                table.add("\(name): allocations in the worker", perCall: try each { counter.count(.worker) })
            }
            let processes = [driver.counts] + workers
            let bothEnds = [ProcessCounts(process: getpid()), ProcessCounts(process: pingPong.identifier)]
            let other = try perCall({ bothEnds.map(\.waits).reduce(0, +) }) { count in
                for _ in 0..<count { try pingPong.exchange() }
            }
            table.add(
                "\(name): context switches",
                perCall: try each { processes.map(\.waits).reduce(0, +) },
                beside: other,
                "a round trip over a socket"
            )
            try futexCalls(of: host, name, worker: worker, plugin: plugin, into: &table)
        }
    }

    /// Returns the count of one call: the median of batches, because other load on the machine adds to some of them.
    private static func perCall(_ count: () -> Int, _ run: (Int) throws -> Void) throws -> Double {
        var counts: [Int] = []
        for _ in 0..<21 {
            let before = count()
            try run(100)
            counts.append(count() - before)
        }
        return Double(counts.sorted()[counts.count / 2]) / 100
    }

    private static func futexCalls(
        of host: String,
        _ name: String,
        worker: String,
        plugin: URL,
        into table: inout Table
    ) throws {
        do {
            let trace = FutexTrace(worker: worker, plugin: plugin)
            // The difference of two runs has no part of the start.
            let (few, many) = (try trace.count(host, calls: 500), try trace.count(host, calls: 2500))
            table.add("\(name): futex calls", perCall: max(0, Double(many - few) / 2000))
        } catch {
            announce("The row of futex calls is omitted: \(error)")
        }
    }
}

/// A preloaded library that counts the allocations of a host and of its worker.
private struct AllocationCounter {
    /// The process whose allocations are counted.
    enum Place: String { case host, worker }

    private let library: URL
    private let directory: URL

    init(_ workshop: PluginWorkshop) throws {
        library = try workshop.program(of: "allocations.c", flags: ["-shared", "-fPIC"])
        directory = workshop.directory
    }

    private func file(_ place: Place) -> URL { directory.appending(path: "allocations.\(place.rawValue)") }

    /// Returns the environment of a process whose allocations are counted from 0.
    func variables(_ place: Place) throws -> [String: String] {
        try Data(repeating: 0, count: 8).write(to: file(place))
        return ["LD_PRELOAD": library.path, "ALLOCATIONS": file(place).path]
    }

    func count(_ place: Place) -> Int {
        let bytes = (try? Data(contentsOf: file(place))) ?? Data()
        return bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}

/// strace, which stops a process only at its futex calls, so that all other work has its usual speed.
private struct FutexTrace {
    let worker: String
    let plugin: URL

    /// Returns the number of futex calls of a host and its worker, with their start.
    func count(_ host: String, calls: Int) throws -> Int {
        let output = plugin.appendingPathExtension("trace")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["strace", "-f", "--seccomp-bpf", "-c", "-e", "trace=futex", "-o", output.path]
            + [HostDriver.program.path, worker, plugin.path]
        let input = Pipe()
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data("\(host) \(calls)\n".utf8))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        let text = try String(contentsOf: output, encoding: .utf8)
        // "100.00    0.012345          12      1000       123 futex"; without errors, their number is missing.
        let line = text.split(separator: "\n").first { $0.hasSuffix(" futex") } ?? ""
        let columns = line.split(separator: " ")
        guard process.terminationStatus == 0, columns.count >= 5, let count = Int(columns[3]) else {
            throw BenchmarkError("strace with --seccomp-bpf is not installed, or may not trace.")
        }
        return count
    }
}
