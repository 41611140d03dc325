import Foundation
import TestSupport
import Testing
import ToolHost
import ToolJSON

/// A host with a directory of Python files, a worker program and a runner.
struct PythonFixture {
    let directory: FixtureDirectory
    let configuration: HostConfiguration
    let host: ToolHost

    /// The interpreter of the tests: `TOOLHOST_TEST_PYTHON`, or the system's.
    static let interpreter: String? = {
        if let path = ProcessInfo.processInfo.environment["TOOLHOST_TEST_PYTHON"] { return path }
        return ["/usr/bin/python3", "/usr/local/bin/python3"].first { access($0, X_OK) == 0 }
    }()

    /// The directory of the runner's sources.
    static let runner =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path + "/Sources/python-runner"

    /// True if plugins in Python can run.
    static var isAvailable: Bool { interpreter != nil && access(runner + "/runner.py", R_OK) == 0 }

    static let reason: Comment =
        "There is no python3 in /usr/bin or /usr/local/bin, or no Sources/python-runner/runner.py."

    /// The functions that the documentation of tool calling uses as its example, without an import of anything.
    static let functions = """
        def get_temperature(city: str) -> str:
            \"""Get the current temperature for a city

            Args:
              city: The name of the city

            Returns:
              The current temperature for the city
            \"""
            return {"New York": "22°C", "London": "15°C"}.get(city, "Unknown")

        def get_conditions(city: str) -> str:
            \"""Get the current weather conditions for a city\"""
            return {"New York": "Partly cloudy"}.get(city, "Unknown")

        def add(a: int, b: int) -> int:
            \"""Add two numbers\"""
            return a + b

        def multiply(a: int, b: int) -> int:
            \"""Multiply two numbers\"""
            return a * b
        """

    /// A file whose tool `run` evaluates an expression, with the modules that expressions of tests use.
    static let evaluator = """
        import ctypes, errno, json, os, signal, socket, subprocess, sys, threading, time
        state = []
        def run(code: str):
            \"""Evaluates an expression\"""
            return str(eval(code))
        async def wait(seconds: float):
            \"""Waits\"""
            import asyncio
            await asyncio.sleep(seconds)
            return str(os.getpid())
        """

    /// Writes files into the directory of plugins, and loads them.
    static func make(
        _ files: KeyValuePairs<String, String>,
        configure: (inout HostConfiguration, FixtureDirectory) throws -> Void = { _, _ in }
    ) async throws -> PythonFixture {
        let directory = try FixtureDirectory()
        chmod(directory.path, 0o755)
        try directory.directory("plugins")
        for (name, text) in files {
            let path = "plugins/" + name
            if let slash = name.lastIndex(of: "/") { try directory.directory("plugins/" + name[..<slash]) }
            try directory.file(path, text.utf8)
        }
        var configuration = HostConfiguration()
        configuration.searchPath.add(directory.path + "/plugins", isExplicit: true)
        configuration.isolation = .workers(WorkerConfiguration(program: try installWorker(in: directory)))
        configuration.authorization = .allowAll
        configuration.python?.interpreter = interpreter
        configuration.limits.registration = .seconds(30)
        try configure(&configuration, directory)
        return try await load(directory, configuration)
    }

    /// Loads the same directory in another host.
    func loadAgain(_ configure: (inout HostConfiguration) -> Void = { _ in }) async throws -> PythonFixture {
        var configuration = configuration
        configure(&configuration)
        return try await Self.load(directory, configuration)
    }

    private static func load(_ directory: FixtureDirectory, _ configuration: HostConfiguration) async throws -> Self {
        let host = ToolHost(configuration)
        try await host.loadPlugins()
        return PythonFixture(directory: directory, configuration: configuration, host: host)
    }

    /// Copies the worker program and the runner as they are installed.
    private static func installWorker(in directory: FixtureDirectory) throws -> String {
        let program = try directory.directory("libexec") + "/toolhost-worker"
        try ChildProcess.copy([BuiltProducts.executable("toolhost-worker")], to: program)
        try ChildProcess.copy(["-r", runner], to: directory.path + "/libexec/python")
        return program
    }

    // MARK: - Calls

    func call(_ tool: String, _ arguments: JSON = [:]) async throws -> ToolResult {
        let call = ToolCall(name: tool, arguments: arguments)
        return try #require(await host.dispatch([call]).results.first)
    }

    /// Evaluates an expression in the evaluator.
    func run(_ code: String) async throws -> ToolResult { try await call("run", ["code": .string(code)]) }

    /// The report about a file.
    func report(_ file: String) throws -> PluginReport {
        try #require(host.plugins.first { $0.file.hasSuffix("/" + file) })
    }

    /// The reason why a file is broken, or nil if it is not.
    func breakage(_ file: String) throws -> PluginError? {
        if case .broken(let error) = try report(file).state { error } else { nil }
    }

    func path(_ name: String) -> String { directory.path + "/plugins/" + name }
}

extension Trait where Self == ConditionTrait {
    /// A trait that skips a test if there is no Python interpreter.
    static var needsPython: Self { .enabled(if: PythonFixture.isAvailable, PythonFixture.reason) }
}
