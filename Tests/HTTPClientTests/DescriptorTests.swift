import Glibc
import HTTPClient
import TestSupport
import Testing

@Suite("A process without free file descriptors", .timeLimit(.minutes(10)))
struct DescriptorTests {
    @Test("a process without free file descriptors fails to send, and can send after it has closed some")
    func recovery() async {
        // A separate process, because all other tests would lack the descriptors too.
        await #expect(processExitsWith: .success) {
            let server = try ScriptedServer([.body("1"), .body("2")])
            // The first sleep of a task makes the runtime open its own descriptors.
            try await Task.sleep(for: .milliseconds(1))
            // A released transport closes descriptors later, on its thread, so both are kept.
            let transports = [CurlTransport(), CurlTransport()]
            defer { withExtendedLifetime(transports) {} }
            // The first transport cannot open the library, and the second cannot create the means to wake its thread.
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
