import Foundation

/// The memory that 100,000 calls in a worker leave behind.
enum HostMemory {
    private static let callsPerMessage = 50

    static func measure(_ workshop: PluginWorkshop, worker: String, into table: inout Table) throws {
        announce("100,000 calls in a worker …")
        let driver = try HostDriver(worker: worker, plugin: try workshop.plugin(of: "temperature.c"))
        let batch = driver.batch("isolated", calls: callsPerMessage)
        func resident(after calls: Int) throws -> (host: Int, worker: Int) {
            _ = try batch(calls / callsPerMessage)
            return (driver.counts.resident, driver.counts.workers.map(\.resident).reduce(0, +))
        }
        let before = try resident(after: 5000)
        let after = try resident(after: 100_000)
        table.add("memory of a host after 100,000 calls", bytes: after.host, beside: before.host, "before them")
        table.add("memory of the worker after them", bytes: after.worker, beside: before.worker, "before them")
    }
}
