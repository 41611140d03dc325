import TestSupport
import ToolHost

/// A host with a temporary directory of plugins.
struct HostFixture {
    let directory: FixtureDirectory
    let host: ToolHost

    /// Compiles each source into a plugin with the name, and loads all of them.
    static func make(
        _ sources: KeyValuePairs<String, String>,
        configure: (inout HostConfiguration) throws -> Void = { _ in }
    ) async throws -> HostFixture {
        let directory = try FixtureDirectory()
        for (name, source) in sources { try directory.plugin(name + ".so", source) }
        return try await make(directory, configure: configure)
    }

    /// Loads the plugins in a directory.
    static func make(
        _ directory: FixtureDirectory,
        configure: (inout HostConfiguration) throws -> Void = { _ in }
    ) async throws -> HostFixture {
        var configuration = HostConfiguration()
        configuration.searchPath.add(directory.path, isExplicit: true)
        configuration.isolation = Isolation.current
        configuration.authorization = .allowAll
        try configure(&configuration)
        let host = ToolHost(configuration)
        try await host.loadPlugins()
        return HostFixture(directory: directory, host: host)
    }

    /// Returns the result of a call without arguments.
    func call(_ tool: String) async -> ToolResult? {
        await host.dispatch([ToolCall(name: tool)]).results.first
    }

    /// Returns the reason why a file is broken, or nil if it is not.
    func breakage(_ file: String) -> String? {
        let report = host.plugins.first { $0.file.hasSuffix("/" + file) }
        guard case .broken(let error)? = report?.state else { return nil }
        return error.message
    }
}

extension ToolDispatch {
    /// Passes each event to a closure, and returns the results.
    func observing(_ observe: (DispatchEvent) -> Void) async -> [ToolResult] {
        for await event in self { observe(event) }
        return await results
    }
}
