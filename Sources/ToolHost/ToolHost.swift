import Synchronization
import ToolJSON
import ToolRuntime

/// Holds tools and runs calls of them.
///
/// ```swift
/// var configuration = HostConfiguration()
/// configuration.searchPath.add("/opt/tools")
/// let host = ToolHost(configuration)
/// try await host.loadPlugins()
/// let answers = await host.dispatch([ToolCall(name: "add", arguments: ["a": 1, "b": 2])])
/// ```
///
/// A host may be used from any thread. Plugins stay loaded for as long as the process lives, even after their host.
public final class ToolHost: Sendable {
    /// What was decided for this host.
    public let configuration: HostConfiguration

    private let registry = Mutex(ToolRegistry())
    private let serialLane = CallLane()
    let slots: CallSlots
    let checks = CheckThreads()

    /// A host without tools.
    public init(_ configuration: HostConfiguration = HostConfiguration()) {
        self.configuration = configuration
        slots = CallSlots(
            total: configuration.limits.concurrency,
            each: configuration.limits.concurrencyPerPlugin
        )
    }

    // MARK: - Tools

    /// Loads every plugin on the search path, in place of those loaded before.
    ///
    /// A file that cannot be used is no error: ``plugins`` tells what is wrong with it, and all others are offered.
    ///
    /// - Throws: ``ToolHostError`` where a lock file cannot be used. Then the plugins are those from before.
    public func loadPlugins() async throws(ToolHostError) {
        // On the host's own threads: to wait for a pool that others block must not use up the time that plugins have.
        let loading = PluginLoading(configuration)
        var entries = try await withTaskExecutorPreference(HostExecutor.shared) { () throws(ToolHostError) in
            try await loading.entries()
        }
        registry.withLock { $0.replacePlugins(&entries) }
    }

    /// Offers a tool that is code of this program, described as a plugin describes its own.
    ///
    /// What Swift's `@Tool` makes is one.
    ///
    /// - Throws: ``ToolHostError`` where it describes no tool, or its name is taken.
    public func register(_ tool: Tool) throws(ToolHostError) {
        let registered: RegisteredTool
        do {
            registered = try RegisteredTool(program: tool, serialLane: serialLane, configuration)
        } catch {
            throw ToolHostError(message: "A tool of this program cannot be offered. \(error.sentence)")
        }
        try registry.withLock { registry throws(ToolHostError) in try registry.add(registered) }
    }

    /// The tools that are offered, sorted by name: a model's prompt cache lives on a stable order.
    public var tools: [RegisteredTool] {
        registry.withLock { $0.tools.values.sorted { $0.name < $1.name } }
    }

    /// The tool of that name, if one is offered.
    public func tool(named name: String) -> RegisteredTool? {
        registry.withLock { $0.tool(named: name) }
    }

    /// The files that were found on the search path, each with its state.
    public var plugins: [PluginReport] { registry.withLock(\.entries).map(\.currentReport) }

    /// Finds the plugin that has a tool of a name and does not offer it, or that bears the name and offers no tools.
    ///
    /// The tools of a plugin that is broken or was not run are known if it registered before, is trusted, or is a binding
    /// whose JSON can be read.
    ///
    /// - Parameter name: The name of a tool, of a plugin or of its file.
    /// - Returns: The report with the reason; `nil` for a tool that is offered, and for a name of which nothing is known.
    public func unavailablePlugin(named name: String) -> PluginReport? {
        registry.withLock { $0.unavailablePlugin(name) }?.currentReport
    }

    /// The result of a call of a tool that is known and not offered.
    func refusal(ofTool name: String) -> (status: ToolStatus, sentence: String)? {
        registry.withLock { $0.owner(ofUnoffered: name) }?.refusal(of: name)
    }

    /// Takes down in the user's lock file that a loaded plugin is trusted as it is now, with all that it asks for.
    ///
    /// - Parameters:
    ///   - file: The plugin's file, as ``plugins`` tells it.
    ///   - isShipped: Whether the lock file goes where the plugins go, so that it does not matter where they lie now.
    /// - Throws: ``ToolHostError`` where there is no such plugin, or it cannot be written down.
    public func trustPlugin(at file: String, isShipped: Bool = false) throws(ToolHostError) {
        let entry = registry.withLock { $0.entries.first { $0.report.file.hasSameBytes(as: file) } }
        guard let grants = entry?.grants else {
            throw ToolHostError(message: "\(file) is no plugin that is loaded.")
        }
        try grants.record(isShipped: isShipped)
    }

    // MARK: - Calls

    /// The threads that calls are run with, for a program's own tasks that must not wait for Swift's shared pool.
    ///
    /// It has as many threads as it needs, so that they may block.
    public static var executor: any TaskExecutor { HostExecutor.shared }

    /// Runs a batch of calls side by side.
    ///
    /// Each call gets exactly one result, and does not affect the results of others. A call starts as soon as it has been
    /// checked; the check of another call does not delay it. The user is asked once, after all checks. If the surrounding
    /// task is cancelled, the calls without a result end as ``ToolStatus/cancelled`` at once. Everything runs on the host's
    /// own threads and the caller's executor; nothing waits for Swift's shared pool.
    ///
    /// - Parameters:
    ///   - calls: The calls, told apart by their place alone.
    ///   - offered: The names that may be called, or nil for all. To the model, the other tools do not exist; a name of a
    ///     tool that is withheld or broken has its state reported.
    ///   - observe: Told what happens while they run, on any thread; it must not block.
    /// - Returns: One answer for each call, in the order of the calls.
    public nonisolated(nonsending) func dispatch(
        _ calls: [ToolCall],
        offered: Set<String>? = nil,
        observe: @escaping @Sendable (DispatchEvent) -> Void = { _ in }
    ) async -> [ToolResult] {
        let limits = configuration.limits
        let budget = ResultBudget(bytes: limits.resultBytesPerMessage, calls: min(calls.count, limits.calls))
        let listing = ToolListing(self, offered: offered)
        let gate = BatchGate(self, calls: min(calls.count, limits.calls))
        return await withTaskGroup(of: (Int, ToolResult).self) { group in
            for (index, call) in calls.enumerated().prefix(limits.calls) {
                let dispatch = Dispatch(
                    host: self,
                    call: call,
                    index: index,
                    listing: listing,
                    observe: observe,
                    budget: budget
                )
                // On the caller's thread as far as the plugin: a thread more would cost as much as the rest of it.
                group.addImmediateTask(executorPreference: HostExecutor.shared) {
                    let answer = await dispatch.answer(gate)
                    observe(.finished(index, answer))
                    return (index, answer)
                }
            }
            var answers: [ToolResult?] = Array(repeating: nil, count: calls.count)
            let sentence = "Not run: at most \(limits.calls) calls are run from one message. Call again."
            for (index, call) in calls.enumerated().dropFirst(limits.calls) {
                let answer = ToolResult(refusing: call, .notRun, sentence)
                observe(.finished(index, answer))
                answers[index] = answer
            }
            for await (index, answer) in group { answers[index] = answer }
            return answers.compactMap(\.self)
        }
    }
}
