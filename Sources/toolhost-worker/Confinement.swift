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
            let sandbox = try Sandbox.confine(SandboxOrder(parsing: order), plugin: plugin)
            self.sandbox.withLock { $0 = sandbox }
            return sandbox.report.json.bytes()
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
