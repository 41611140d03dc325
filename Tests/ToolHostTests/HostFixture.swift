import TestSupport
import ToolHost

/// A host over a private directory of fixture plugins.
struct HostFixture {
    let directory: FixtureDirectory
    let host: ToolHost

    /// Compiles each source into a library of that name, and loads them all.
    static func make(
        _ sources: KeyValuePairs<String, String>,
        configure: (inout HostConfiguration) throws -> Void = { _ in }
    ) async throws -> HostFixture {
        let directory = try FixtureDirectory()
        for (name, source) in sources { try directory.plugin(name + ".so", source) }
        return try await make(directory, configure: configure)
    }

    /// Loads what is in a directory.
    static func make(
        _ directory: FixtureDirectory,
        configure: (inout HostConfiguration) throws -> Void = { _ in }
    ) async throws -> HostFixture {
        var configuration = HostConfiguration()
        configuration.searchPath.add(directory.path, isExplicit: true)
        configuration.isolation = Isolation.current
        try configure(&configuration)
        let host = ToolHost(configuration)
        try await host.loadPlugins()
        return HostFixture(directory: directory, host: host)
    }

    /// One call's answer.
    func call(_ tool: String, _ arguments: ToolCall = ToolCall(name: "")) async -> ToolResult? {
        await host.dispatch([ToolCall(name: tool, arguments: arguments.arguments)]).first
    }

    /// Why a file is broken, or `nil` if it is not.
    func breakage(_ file: String) -> String? {
        let report = host.plugins.first { $0.file.hasSuffix("/" + file) }
        guard case .broken(let reason)? = report?.state else { return nil }
        return reason
    }
}
