package import ToolRuntime

/// A plugin that has registered, wherever its code runs.
package protocol PluginInstance: Sendable {
    /// What it said of itself.
    var registration: PluginRegistration { get }

    /// Breaches of the contract and crashes so far, in sentences.
    var incidents: [String] { get }

    /// Gives it the values of its configuration keys, and says whether it may have host names resolved.
    func configure(_ values: [String: String], mayResolve: Bool)

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

    package func configure(_ values: [String: String], mayResolve: Bool) {
        context.configure(values, resolver: mayResolve ? resolveHostName : nil)
    }

    package func start(
        tool index: Int,
        _ request: CallRequest,
        observe: @escaping @Sendable (CallEvent) -> Void
    ) -> any BackendCall {
        start(tools[index], request, observe: observe)
    }
}
