import CWorker
import Glibc
import Synchronization
import ToolJSON
import ToolRuntime
import ToolSandbox

/// The sandbox of this process, in the terms of the service that it surrounds.
final class Confinement: Sendable {
    /// The descriptor of the pipe for crash notes.
    static let crashNotes: Int32 = 4

    private let sandbox = Mutex<Sandbox?>(nil)

    /// - Returns: What the kernel really enforces, as JSON.
    func confine(_ order: [UInt8], plugin: String) throws(PluginError) -> [UInt8] {
        do throws(SandboxError) {
            let order = try SandboxOrder(parsing: order)
            let maySpawn = order.mode == .off || !order.grants.spawn.isEmpty
            // Before the sandbox is in force: afterwards this process cannot kill others.
            let guardian = maySpawn ? Self.startGuardian(order) : -1
            let sandbox = try Sandbox.confine(order, plugin: plugin)
            self.sandbox.withLock { $0 = sandbox }
            var report = sandbox.report
            if maySpawn, guardian < 0 { report.missing.append("Programs that it starts may outlive it.") }
            let isSupervised = guardian >= 0 && worker_supervise(guardian, sandbox.supervise() ?? -1) == 0
            if order.mode != .off, maySpawn, !isSupervised {
                report.missing.append(
                    "It may start programs that are not granted but can be read, by way of the dynamic loader, and more "
                        + "processes than it should. Linux 5.5 and its system call filter prevent that."
                )
            }
            return report.json.bytes()
        } catch {
            throw PluginError(.notConfined, file: plugin, error.message)
        }
    }

    func tighten() throws(PluginError) {
        do throws(SandboxError) {
            try sandbox.withLock(\.self)?.tighten()
        } catch {
            throw PluginError(.notConfined, file: "", error.message)
        }
    }

    /// - Returns: The descriptor of the guard, or a number below 0 where there is none.
    private static func startGuardian(_ order: SandboxOrder) -> Int32 {
        var loaders: [worker_file] = []
        for program in order.grants.spawn {
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
