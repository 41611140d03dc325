package import ToolRuntime
package import ToolSandbox

// The tools of the program and the plugins that run in this process.
extension LoadedPlugin: ToolSource {
    package var incidents: [String] { context.violations }

    package var isConfined: Bool { false }

    package var sandbox: SandboxReport? { nil }

    package func configure(_ values: [String: String]) { context.configure(values) }

    package func grant(_ permissions: PluginPermissions) {
        context.allowResolving(permissions.network.isEmpty ? nil : resolveHostName)
    }

    package func start(
        tool index: Int,
        _ request: CallRequest,
        observe: @escaping @Sendable (CallEvent) -> Void
    ) -> any ToolSourceCall {
        start(tools[index], request, observe: observe)
    }
}

extension PluginCall: ToolSourceCall {}
