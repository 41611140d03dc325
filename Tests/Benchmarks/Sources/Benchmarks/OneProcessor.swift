import Foundation

/// The restriction of this process to one processor.
enum OneProcessor {
    /// Runs a closure while all threads and processes that exist or start meanwhile use one and the same processor.
    ///
    /// Processes that started meanwhile keep it.
    static func run(_ body: () async throws -> Void) async throws {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(separator: "\n")
        let all = status.first { $0.hasPrefix("Cpus_allowed_list:") }?.split(separator: "\t").last.map(String.init)
        guard let all, let one = all.split(whereSeparator: { "-,".contains($0) }).first else {
            throw BenchmarkError("The processors of this process are unknown.")
        }
        try restrict(to: String(one))
        defer { try? restrict(to: all) }
        try await body()
    }

    /// Restricts all threads, with the program of util-linux because Swift cannot import the functions.
    private static func restrict(to processors: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["taskset", "--all-tasks", "--cpu-list", "--pid", processors, String(getpid())]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchmarkError("taskset does not run.") }
    }
}
