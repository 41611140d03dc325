import Foundation

/// The program `HostDriver`, which runs calls of `get_temperature` in a process without Foundation.
struct HostDriver {
    /// The path of the program, which is built beside this one.
    static var program: URL {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "HostDriver")
    }

    private let process: PeerProcess

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - variables: Environment variables of the program.
    ///   - workerVariables: The environment of its workers.
    init(
        worker: String,
        plugin: URL,
        variables: [String: String] = [:],
        workerVariables: [String: String] = [:]
    ) throws {
        let words = [worker, plugin.path] + workerVariables.map { "\($0.key)=\($0.value)" }
        guard let process = try PeerProcess(Self.program, words, variables: variables) else {
            throw BenchmarkError("\(Self.program.path) does not start.")
        }
        self.process = process
    }

    /// The counts of the process.
    var counts: ProcessCounts { ProcessCounts(process: process.identifier) }

    /// Returns a batch of messages.
    ///
    /// - Parameters:
    ///   - host: `isolated`, `in-process`, `program` or `direct`.
    ///   - calls: The number of calls of each message.
    func batch(_ host: String, calls: Int = 1) -> SideBySide.Batch { process.batch("\(host)*\(calls)") }
}
