import Foundation
import TestSupport
import Testing

@Suite("A blocked pool", .timeLimit(.minutes(10))) struct BlockedPoolTests {
    // In a separate program, because other tests would wait for the blocked pool.
    @Test("a call ends at its deadline while all threads of Swift's pool are blocked")
    func deadline() throws {
        let process = Process()
        process.executableURL = URL(filePath: BuiltProducts.executable("BlockedPool"))
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(text.hasPrefix("timed_out"), "\(text)")
    }
}
