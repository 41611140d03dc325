import Foundation

/// All benchmarks, by name.
struct BenchmarkSuite {
    /// The benchmarks that run if none is named, in the order of the table.
    ///
    /// Without `start`, which compiles swift-syntax, and `scale` and `peers`, which take long.
    static let usual = [
        "calls", "isolation", "worker", "memory", "counts", "swift", "startup", "plugins", "turn", "native",
        "arguments", "document", "chat", "history",
    ]

    let workshop: PluginWorkshop
    /// The path of the command.
    let command: String
    /// The program `NativeCalls`, beside which is `HistoryCalls`.
    let native: URL

    /// The path of the worker program.
    private var worker: String {
        URL(filePath: command).deletingLastPathComponent().appending(path: "../libexec/toolhost/toolhost-worker")
            .standardized.path
    }

    /// Runs benchmarks.
    ///
    /// - Returns: The table of the peers, if named, and the table of all others.
    func tables(_ names: [String]) async throws -> [Table] {
        var (table, peers) = (Table(), Table())
        let python = try PythonResources(for: names, in: workshop)
        for name in names {
            if name == "peers" { try Peers.measure(workshop, worker: worker, native: native, into: &peers) }
            try await measure(name, python, into: &table)
        }
        return [table, peers].filter { !$0.text.isEmpty }
    }

    private func measure(_ name: String, _ python: PythonResources?, into table: inout Table) async throws {
        switch name {
        case "calls": try await BlockingCalls.measure(workshop, into: &table)
        case "isolation": try await IsolatedCalls.measure(workshop, worker: worker, into: &table)
        case "worker": try await WorkerStart.measure(workshop, worker: worker, into: &table)
        case "memory": try HostMemory.measure(workshop, worker: worker, into: &table)
        case "counts": try CallCounts.measure(workshop, worker: worker, into: &table)
        case "scale": try Scaling.measure(workshop, command: command, worker: worker, into: &table)
        case "swift": try ToolFunctions.measure(workshop, command: command, into: &table)
        case "start": try NewPlugin.measure(workshop, command: command, into: &table)
        case "startup": try Startup.measure(workshop, command: command, into: &table)
        case "plugins": try await ManyPlugins.measure(workshop, command: command, into: &table)
        case "turn": try await HostTime.measure(workshop, into: &table)
        case "chat": try ChatTime.measure(workshop, command: command, into: &table)
        case "history":
            let program = native.deletingLastPathComponent().appending(path: "HistoryCalls")
            try HistoryTime.measure(workshop, command: command, program: program, into: &table)
        case "native": try NativeCalls.measure(native, beside: python?.peer, into: &table)
        case "arguments": try CheckedArguments.measure(beside: python?.peer, into: &table)
        case "document": try python?.document.measure(beside: python?.peer, into: &table)
        default: break
        }
    }
}

/// The document and the Python process that three of the benchmarks use.
private struct PythonResources {
    let document: LargeDocument
    let peer: PythonPeer?

    /// Creates them if one of the named benchmarks needs them.
    init?(for names: [String], in workshop: PluginWorkshop) throws {
        guard !Set(names).isDisjoint(with: ["native", "arguments", "document"]) else { return nil }
        document = try LargeDocument(in: workshop.directory)
        peer = try PythonPeer(in: workshop.directory, document: document.file)
    }
}
