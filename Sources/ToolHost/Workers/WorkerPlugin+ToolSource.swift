import ToolRuntime
import ToolSandbox

extension WorkerPlugin: ToolSource {
    var incidents: [String] { state.changeQuietly { $0.incidents } }

    var isConfined: Bool { settings.workers.sandbox != .off }

    /// The report of the last process, or the abilities of this kernel before there was one.
    var sandbox: SandboxReport? { isConfined ? state.changeQuietly { $0.sandbox } ?? Self.kernel : nil }

    private static let kernel = SandboxReport.probing()

    func configure(_ values: [String: String]) {
        state.change { $0.values = values }
    }

    /// Replaces the permissions.
    ///
    /// A process that runs takes no more calls, and is closed when it runs none.
    func grant(_ permissions: PluginPermissions) {
        let actions: Machine.Actions = state.change { state in
            guard state.granted != permissions else { return Machine.Actions() }
            state.granted = permissions
            return apply({ $0.grantsDidChange() }, to: &state)
        }
        perform(actions)
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
        perform(state.change { state in apply({ $0.submit(call, at: .now) }, to: &state) })
        return call
    }

    func flush() { state.changeQuietly { $0.machine.process }?.flush() }

    func assist(until end: MonotonicInstant, isDone: () -> Bool) {
        state.changeQuietly { $0.conversation }?.assist(until: end, isDone: isDone)
    }
}
