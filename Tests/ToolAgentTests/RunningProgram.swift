import Foundation
import TestSupport
import Testing

/// A program that talks to a scripted server, with pipes as its input and output.
final class RunningProgram {
    private let process = Process()
    private let input = Pipe()
    private let pipe = Pipe()

    /// The output that was read so far.
    private(set) var output = ""

    /// Starts an executable of this package.
    init(_ name: String, _ arguments: [String] = [], in directory: String? = nil, server: ScriptedServer) throws {
        process.executableURL = URL(filePath: BuiltProducts.executable(name))
        process.arguments = arguments
        process.environment = ["OLLAMA_HOST": server.address, "OPENAI_BASE_URL": "http://\(server.address)/v1"]
        if let directory { process.currentDirectoryURL = URL(filePath: directory) }
        process.standardInput = input
        process.standardOutput = pipe
        try process.run()
    }

    var identifier: Int32 { process.processIdentifier }

    /// Reads output until it contains a text.
    func read(through text: String) throws {
        while !output.contains(text) {
            let data = pipe.fileHandleForReading.availableData
            try #require(!data.isEmpty, "the output ended before \(text): \(output)")
            output += String(decoding: data, as: UTF8.self)
        }
    }

    func write(_ text: String) { input.fileHandleForWriting.write(Data(text.utf8)) }

    func interrupt() { process.interrupt() }

    /// Reads the rest of the output, and returns the exit code.
    func finish() -> Int32 {
        output += String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus
    }
}
