import CWorker
import Foundation
import Testing

@Suite("The processor of a thread")
struct ProcessorTests {
    @Test(
        "a thread that moves to a processor may still run on all that it could use before",
        arguments: [0, 1, 4096, .max]
    )
    func move(processor: UInt32) throws {
        func allowed() throws -> String? {
            let status = try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
            return status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list") }.map(String.init)
        }
        let before = try #require(try allowed())
        worker_move_to_processor(processor)
        #expect(try allowed() == before)
        #expect(worker_processor() != .max)
    }
}
