import Foundation

/// A program that does something so many times when it is told to, and tells how long that took.
///
/// It greets with a line when it is ready. Then it reads lines, `NAME COUNT`, and answers each with nanoseconds.
final class PeerProcess {
    /// The line that it began with.
    let greeting: String

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Starts a program; `nil` where it does not greet.
    init?(_ program: URL, _ arguments: [String] = []) throws {
        process.executableURL = program
        process.arguments = arguments
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

    /// One of the things that it can do.
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

    /// The next line that it writes, after which it waits.
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
