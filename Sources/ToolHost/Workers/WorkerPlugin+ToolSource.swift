import ToolRuntime
import ToolSandbox

extension WorkerPlugin: ToolSource {
    var incidents: [String] { state.changeQuietly(\.incidents) }

    var isConfined: Bool { settings.workers.sandbox != .off }

    /// The report of the last process, or the abilities of this kernel before there was one.
    var sandbox: SandboxReport? { isConfined ? state.changeQuietly(\.sandbox) ?? Self.kernel : nil }

    private static let kernel = SandboxReport.probing()

    func configure(_ values: [String: String]) {
        state.change { $0.values = values }
    }

    /// Replaces the permissions.
    ///
    /// A process that runs takes no more calls, and is closed when it runs none.
    func grant(_ permissions: PluginPermissions) {
        let actions: [Machine.Action] = state.change { state in
            guard state.granted != permissions else { return [] }
            state.granted = permissions
            return Self.apply({ $0.grantsDidChange() }, to: &state)
        }
        for action in actions { perform(action) }
    }

    func start(
        tool index: Int,
        _ request: CallRequest,
        observe: @escaping @Sendable (CallEvent) -> Void
    ) -> any ToolSourceCall {
        let call = IsolatedCall(
            plugin: self,
            tool: index,
            isConcurrent: registration.tools[index].isConcurrent,
            request: request,
            observe: observe
        )
        handle { $0.submit(call) }
        return call
    }
}
