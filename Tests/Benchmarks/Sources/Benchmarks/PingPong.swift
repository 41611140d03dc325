import Foundation

/// A process that echoes bytes over a socket like that of a worker.
final class PingPong {
    /// The identifier of the other process.
    var identifier: pid_t { process.processIdentifier }

    private let process = Process()
    private let socket: Int32
    private var bytes = [UInt8](repeating: 1, count: 64)

    init(_ workshop: PluginWorkshop) throws {
        let program = try workshop.program(
            "pingpong",
            """
            #include <unistd.h>
            int main(void) {
                char bytes[64];
                for (ssize_t count; (count = read(0, bytes, sizeof bytes)) > 0;)
                    if (write(0, bytes, (size_t)count) != count) return 1;
                return 0;
            }
            """
        )
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw BenchmarkError("No socket could be created.")
        }
        socket = ends[0]
        process.executableURL = program
        process.standardInput = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        try process.run()
    }

    deinit {
        close(socket)
        process.waitUntilExit()
    }

    func exchange() throws {
        guard write(socket, bytes, bytes.count) == bytes.count, read(socket, &bytes, bytes.count) == bytes.count else {
            throw BenchmarkError("The other process exited.")
        }
    }
}
