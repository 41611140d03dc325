import Foundation
import ToolHost

/// Single calls: in a worker beside a round trip over the same kind of socket, and in this process beside a round trip
/// to another thread.
enum IsolatedCalls {
    private static let rounds = 400
    private static let callsPerRound = 50
    private static let batch = 8

    /// Measures all of it twice: with all threads on one processor, and as the system places them.
    ///
    /// Waking a thread on an idle processor can take several times as long as the rest of a round trip, above all in a
    /// virtual machine. Where the system places the two sides of a round trip is chance, and it stays so for a while.
    static func measure(_ workshop: PluginWorkshop, worker: String, into table: inout Table) async throws {
        announce("Single calls, in a worker and in this process …")
        try workshop.plugin("isolated", in: "isolated")
        try await OneProcessor.run {
            try await measure(workshop, worker: worker, "one processor, ", into: &table)
        }
        try await measure(workshop, worker: worker, "", into: &table)
    }

    private static func measure(
        _ workshop: PluginWorkshop,
        worker: String,
        _ place: String,
        into table: inout Table
    ) async throws {
        let isolated = try await CallHost(workshop, .workers(WorkerConfiguration(program: worker)))
        let inProcess = try await CallHost(workshop, .inProcess)
        let direct = try HostDriver(worker: worker, plugin: try workshop.plugin(of: "temperature.c")).batch("direct")
        try await isolated.call()
        let peer = try PingPong(workshop)
        let handOff = HandOff()

        let clock = ContinuousClock()
        var times = QuantileTable()
        // Alternating, so that other load on the machine affects all equally.
        for _ in 0..<rounds {
            for _ in 0..<callsPerRound {
                times.add("isolated", try await clock.measure { try await isolated.call() })
            }
            for _ in 0..<callsPerRound { times.add("ping", try clock.measure { try peer.exchange() }) }
            for _ in 0..<callsPerRound {
                times.add("in process", try await clock.measure { try await inProcess.call() })
            }
            times.add("direct", try direct(callsPerRound) / callsPerRound)
            for _ in 0..<callsPerRound { times.add("hand-off", clock.measure { handOff.exchange() }) }
            for _ in 0..<callsPerRound / batch {
                times.add("batch", try await clock.measure { try await isolated.call(batch) })
                times.add("batch in process", try await clock.measure { try await inProcess.call(batch) })
            }
        }
        table.add("call on the caller's thread, \(place)average", times.quantile("direct", 0.5))
        for (name, share) in [("p50", 0.5), ("p99", 0.99)] {
            func add(_ what: String, _ measured: String, beside other: String, _ description: String) {
                table.add(
                    "\(what), \(place)\(name)",
                    times.quantile(measured, share),
                    beside: times.quantile(other, share),
                    "\(description), \(name)"
                )
            }
            add("call in a worker", "isolated", beside: "ping", "a round trip over a socket")
            add("\(batch) calls in a worker", "batch", beside: "isolated", "one of them")
            add("call in this process", "in process", beside: "hand-off", "a round trip to a thread")
            add("\(batch) calls in this process", "batch in process", beside: "in process", "one of them")
        }
    }
}
