import CWorker
import Synchronization
import ToolJSON
import ToolRuntime
import ToolSandbox

/// The sandbox of this process, in the terms of the service that it surrounds.
final class Confinement: Sendable {
    private let sandbox = Mutex<Sandbox?>(nil)

    /// - Returns: What the kernel really enforces, as JSON.
    func confine(_ order: [UInt8], plugin: String) throws(PluginError) -> [UInt8] {
        do throws(SandboxError) {
            let order = try SandboxOrder(parsing: order)
            let maySpawn = order.mode == .off || !order.grants.spawn.isEmpty
            // Now or never: once it is confined, this process has nothing left to end others with.
            let isGuarded = !maySpawn || worker_guard_group() == 0
            let sandbox = try Sandbox.confine(order, plugin: plugin)
            self.sandbox.withLock { $0 = sandbox }
            var report = sandbox.report
            if !isGuarded { report.missing.append("Programs that it starts may outlive it.") }
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
}
