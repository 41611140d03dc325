import CWorker
import Glibc
import Locks
import ToolJSON
import ToolRuntime
import ToolSandbox

/// The sandbox of this process, as the service for the plugin uses it.
final class Confinement: Sendable {
    /// The descriptor of the pipe for crash notes.
    static let crashNotes: Int32 = 4

    private let sandbox = Lock<Sandbox?>(nil)

    /// Confines the process.
    ///
    /// - Returns: The report of the restrictions that the kernel enforces, as JSON.
    func confine(_ order: [UInt8], plugin: String) throws(PluginError) -> [UInt8] {
        do throws(SandboxError) {
            return try confine(try SandboxOrder(parsing: order), plugin: plugin)
        } catch {
            throw PluginError(.notConfined, file: plugin, error.message)
        }
    }

    /// Confines the process, and starts the interpreter of an order in place of this program.
    ///
    /// - Parameters:
    ///   - arguments: The interpreter's arguments.
    ///   - socket: The descriptor of the connection to the host, which the interpreter takes over.
    ///   - confined: Receives the report before the interpreter starts.
    func become(
        _ order: [UInt8],
        arguments: [String],
        plugin: String,
        socket: Int32,
        _ confined: ([UInt8]) -> Void
    ) throws(PluginError) {
        do throws(SandboxError) {
            let order = try SandboxOrder(parsing: order)
            guard let interpreter = order.interpreter else { throw SandboxError("The order has no interpreter.") }
            let start = try ProgramStart(
                path: interpreter.program,
                arguments: arguments,
                environment: ProcessEnvironment.variables(besides: "SWIFT_BACKTRACE")
            )
            confined(try confine(order, plugin: plugin, start: start))
            _ = fcntl(socket, F_SETFD, 0)
            try start.execute()
        } catch {
            throw PluginError(.notConfined, file: plugin, error.message)
        }
    }

    private func confine(
        _ order: SandboxOrder,
        plugin: String,
        start: ProgramStart? = nil
    ) throws(SandboxError) -> [UInt8] {
        let maySpawn = order.mode == .off || !order.grants.spawn.isEmpty
        // Started before the sandbox is in force: a confined process cannot kill others.
        let guardSocket = maySpawn ? Self.startGuard(order) : -1
        let sandbox = try Sandbox.confine(order, plugin: plugin, start: start) { listener in
            guard guardSocket >= 0 else { return false }
            return worker_supervise(guardSocket, listener ?? -1) == 0
        }
        self.sandbox.withLock { $0 = sandbox }
        var report = sandbox.report
        if order.mode == .off {
            if guardSocket < 0 { report.missing.append("Programs that it starts may outlive it.") }
            close(guardSocket)
        }
        return report.json.bytes()
    }

    /// Confines the process further, after the plugin has registered.
    func tighten() throws(PluginError) {
        do throws(SandboxError) {
            try sandbox.withLock(\.self)?.tighten()
        } catch {
            throw PluginError(.notConfined, file: "", error.message)
        }
    }

    /// Starts the guard process, which ends the programs that the plugin starts.
    ///
    /// - Returns: The descriptor of the guard, or a negative number if it could not be started.
    private static func startGuard(_ order: SandboxOrder) -> Int32 {
        var loaders: [worker_file] = []
        for program in order.grants.spawn + [order.interpreter?.program].compactMap(\.self) {
            for helper in ProgramLoader.helpers(of: program) where helper.isLoader {
                var status = stat()
                guard stat(helper.path, &status) == 0 else { continue }
                let isKnown = loaders.contains { $0.device == status.st_dev && $0.number == status.st_ino }
                if !isKnown { loaders.append(worker_file(device: status.st_dev, number: status.st_ino)) }
            }
        }
        return loaders.withUnsafeBufferPointer { buffer in
            var duties = worker_guard_order(
                loaders: buffer.baseAddress,
                loader_count: Int32(buffer.count),
                processes: Int32(order.processes),
                notes: Self.crashNotes
            )
            return worker_guard_group(&duties)
        }
    }
}
