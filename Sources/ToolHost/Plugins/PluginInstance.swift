package import ToolRuntime
package import ToolSandbox

/// A call under way.
package protocol BackendCall: Sendable {
    /// Ends the call as cancelled, at once.
    func cancel()
}

/// A plugin that has registered, wherever its code runs.
package protocol PluginInstance: Sendable {
    /// What it said of itself.
    var registration: PluginRegistration { get }

    /// Breaches of the contract and crashes so far, in sentences.
    var incidents: [String] { get }

    /// Gives it the values of its configuration keys.
    func configure(_ values: [String: String])

    /// Says what it may touch from now on.
    func grant(_ permissions: PluginPermissions)

    /// Whether it is meant to be held to what it is granted.
    var isConfined: Bool { get }

    /// What the kernel enforces on it; `nil` where it is not confined at all.
    var sandbox: SandboxReport? { get }

    /// Starts a call of the tool at a place in the registration.
    ///
    /// - Parameter observe: Told what happens, on any thread; it must not block.
    func start(
        tool index: Int,
        _ request: CallRequest,
        observe: @escaping @Sendable (CallEvent) -> Void
    ) -> any BackendCall
}

extension LoadedPlugin: PluginInstance {
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
    ) -> any BackendCall {
        start(tools[index], request, observe: observe)
    }
}
