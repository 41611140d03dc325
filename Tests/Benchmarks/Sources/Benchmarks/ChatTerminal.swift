import Foundation

/// The program `terminal.c`, which runs a chat on a pseudo-terminal and plays its model server.
struct ChatTerminal {
    /// The cost of one token.
    struct Cost {
        let elapsed: Duration
        let processor: Duration
    }

    /// The path of the program.
    let program: String
    private let home: String

    init(_ workshop: PluginWorkshop) throws {
        program = try workshop.program(of: "terminal.c").path
        home = workshop.directory.appending(path: "chat").path
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    }

    /// Returns the times from the first byte of each response to the first character of the answer.
    ///
    /// - Parameters:
    ///   - count: The number of prompts.
    ///   - milliseconds: The time from the prompt to the response.
    ///   - words: The chat with its arguments.
    func first(of count: Int, after milliseconds: Int, _ words: [String]) throws -> [Duration] {
        let numbers = try run(["first", "\(count)", "\(milliseconds * 1000)"] + words)
        guard numbers.count == count else { throw BenchmarkError("\(words[0]) did not answer all prompts.") }
        return numbers.map { .nanoseconds($0) }
    }

    /// Returns the cost of each token of an answer.
    ///
    /// - Parameters:
    ///   - copies: The number of copies of `answer.md`.
    ///   - pause: The time after each token; zero to send them as fast as they are read.
    func token(of copies: Int, pause: Duration, _ words: [String]) throws -> Cost {
        let answer = PluginWorkshop.file("answer.md").path
        let numbers = try run(["stream", answer, "\(copies)", "\(Int(pause / .microseconds(1)))"] + words)
        guard numbers.count == 4, numbers[0] > 0 else { throw BenchmarkError("\(words[0]) did not answer.") }
        return Cost(elapsed: .nanoseconds(numbers[1]) / numbers[0], processor: .nanoseconds(numbers[2]) / numbers[0])
    }

    private func run(_ arguments: [String]) throws -> [Int] {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["HOME": home]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchmarkError("\(arguments.joined(separator: " ")) failed.")
        }
        return text.split { $0.isWhitespace }.compactMap { Int($0) }
    }
}
