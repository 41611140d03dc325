import Foundation

/// A program that repeats work on request and reports the time that it took.
///
/// It prints a greeting line when it is ready. Then it reads lines `NAME COUNT`, and prints nanoseconds for each.
final class PeerProcess {
    /// The first line of its output.
    let greeting: String

    /// The identifier of the process.
    var identifier: pid_t { process.processIdentifier }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Starts a program; returns nil if it exits without a greeting.
    ///
    /// - Parameter variables: Environment variables, beside those of this process.
    init?(_ program: URL, _ arguments: [String] = [], variables: [String: String] = [:]) throws {
        process.executableURL = program
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        guard let line = Self.line(from: output) else { return nil }
        greeting = line
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Returns a batch of the work with a name.
    func batch(_ name: String) -> SideBySide.Batch {
        { count in
            try self.input.fileHandleForWriting.write(contentsOf: Data("\(name) \(count)\n".utf8))
            guard let line = Self.line(from: self.output), let nanoseconds = Int(line), nanoseconds >= 0 else {
                throw BenchmarkError(
                    "\(self.process.executableURL?.lastPathComponent ?? "A program") failed at \(name)."
                )
            }
            return .nanoseconds(nanoseconds)
        }
    }

    /// Returns the next line of its output, or nil at the end.
    private static func line(from pipe: Pipe) -> String? {
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let bytes = pipe.fileHandleForReading.availableData
            if bytes.isEmpty { return nil }
            line += bytes
        }
        return String(decoding: line.dropLast(), as: UTF8.self)
    }
}
