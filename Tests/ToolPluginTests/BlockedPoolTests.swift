import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct BlockedPoolTests {
    /// A program of its own: here, other tests would wait for the pool that it blocks.
    @Test func aDeadlineIsKeptWhileSwiftsPoolIsBlocked() throws {
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
