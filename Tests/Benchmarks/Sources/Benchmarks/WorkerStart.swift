import Foundation
import ToolHost

/// The start of a worker: the first call of a plugin, the set-up of the sandbox, and the memory before any plugin.
enum WorkerStart {
    private static let rounds = 41

    static func measure(_ workshop: PluginWorkshop, worker: String, into table: inout Table) async throws {
        announce("The start of a worker …")
        try workshop.plugin("isolated", in: "isolated")
        let clock = ContinuousClock()
        var first: [Bool: [Duration]] = [:]
        for _ in 0..<rounds {
            for isConfined in [true, false] {
                // A new host has no worker yet.
                let host = try await CallHost(workshop, settings(worker, isConfined))
                first[isConfined, default: []].append(try await clock.measure { try await host.call() })
            }
        }
        table.add(
            "first call, with the start of a worker",
            median(first[true] ?? []),
            beside: median(first[false] ?? []),
            "without a sandbox"
        )

        let observer = try WorkerObserver(workshop, worker: worker)
        var observed: [Bool: [WorkerObserver.Measurement]] = [:]
        for _ in 0..<rounds {
            for isConfined in [true, false] {
                let measurement = try await observer.observe {
                    _ = try await CallHost(workshop, settings(observer.program, isConfined))
                }
                observed[isConfined, default: []].append(measurement)
            }
        }
        let (confined, free) = (observed[true] ?? [], observed[false] ?? [])
        table.add(
            "set-up of the sandbox",
            median(confined.map(\.firstReply)),
            beside: median(free.map(\.firstReply)),
            "the same message without a sandbox"
        )
        table.add(
            "memory of a worker before it loads a plugin",
            bytes: confined.map(\.resident).max() ?? 0,
            beside: confined.map(\.own).max() ?? 0,
            "not shared with other processes"
        )
    }

    private static func settings(_ program: String, _ isConfined: Bool) -> PluginIsolation {
        var workers = WorkerConfiguration(program: program)
        if !isConfined { workers.sandbox = .off }
        return .workers(workers)
    }
}
