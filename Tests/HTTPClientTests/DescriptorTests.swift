import Glibc
import HTTPClient
import TestSupport
import Testing

@Suite("A process without free file descriptors", .timeLimit(.minutes(10)))
struct DescriptorTests {
    @Test("fails to send, and can send once it has some again")
    func recovery() async {
        // Every other test would miss the descriptors too.
        await #expect(processExitsWith: .success) {
            let server = try ScriptedServer([.body("1"), .body("2")])
            // The runtime needs descriptors of its own for the first task that waits.
            try await Task.sleep(for: .milliseconds(1))
            // A transport that goes away closes descriptors on its thread, some time later.
            let transports = [CurlTransport(), CurlTransport()]
            defer { withExtendedLifetime(transports) {} }
            // The first one has no descriptor to open the library, the second none to wake its thread.
            let codes = [HTTPError.Code.libraryUnavailable, .connectionFailed]
            for (index, transport) in transports.enumerated() {
                let taken = takeAllDescriptors()
                #expect(try await transport.receive(server.request()).error?.code == codes[index])
                for descriptor in taken { close(descriptor) }
                #expect(try await transport.receive(server.request()).text == String(index + 1))
            }
            server.stop()
        }
    }
}

private func takeAllDescriptors() -> [Int32] {
    var limit = rlimit(rlim_cur: 256, rlim_max: 256)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    var taken: [Int32] = []
    while case let descriptor = dup(STDERR_FILENO), descriptor >= 0 { taken.append(descriptor) }
    return taken
}
