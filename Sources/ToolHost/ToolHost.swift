import Locks
import ToolJSON
import ToolRuntime

/// A host of tools: it loads plugins, offers their tools and runs calls.
///
/// ```swift
/// var configuration = HostConfiguration()
/// configuration.searchPath.add("/opt/tools")
/// let host = ToolHost(configuration)
/// try await host.loadPlugins()
/// let results = await host.dispatch([ToolCall(name: "add", arguments: ["a": 1, "b": 2])]).results
/// ```
///
/// A host may be used on any thread. Plugins stay loaded until the process exits, even after their host is destroyed.
public final class ToolHost: Sendable {
    /// The settings of the host.
    public let configuration: HostConfiguration

    private let registry = Lock(ToolRegistry())
    private let serialLane = CallLane()
    private let slots: CallSlots
    private let checkThreads = CheckThreads()

    /// Creates a host without tools.
    public init(_ configuration: HostConfiguration = HostConfiguration()) {
        self.configuration = configuration
        slots = CallSlots(
            total: configuration.limits.concurrency,
            each: configuration.limits.concurrencyPerPlugin
        )
    }

    // MARK: - Tools

    /// Loads every plugin on the search path, and replaces those that were loaded before.
    ///
    /// A file that cannot be used is not an error: ``plugins`` reports the reason, and the tools of all others are
    /// offered.
    ///
    /// - Throws: ``ToolHostError`` if a lock file cannot be used; the plugins stay as they were then.
    public func loadPlugins() async throws(ToolHostError) {
        // On the host's own threads: waiting for a blocked shared pool would use up the time limit of the plugins.
        let loading = try PluginLoading(configuration.loading)
        var entries = await withTaskExecutorPreference(HostExecutor.shared) { await loading.entries() }
        registry.withLock { $0.replacePlugins(&entries) }
    }

    /// Registers a tool of this program, which then is offered like the tools of plugins.
    ///
    /// ```swift
    /// /// Add two numbers.
    /// @Tool func add(a: Int, b: Int) -> Int { a + b }
    ///
    /// try host.register(addTool)
    /// ```
    ///
    /// Usually a call runs on a thread of the host, and switching to it takes longer than a short function. The tool can
    /// run on the caller's thread instead:
    ///
    /// ```swift
    /// try host.register(addTool, runsOnCaller: true)
    /// ```
    ///
    /// Its function then has to return within microseconds. It must not block, wait or take long, because
    /// ``dispatch(_:offered:context:)`` returns only after it. A timeout or a cancellation takes effect only after it has
    /// returned. All else stays the same: the arguments are checked, the call is authorized, the limits apply and the
    /// call gets exactly one result. A call that has to wait before it runs, such as for the user's permission, runs on
    /// a thread of the host.
    ///
    /// - Parameters:
    ///   - tool: The tool, such as the value that the macro `@Tool` creates.
    ///   - runsOnCaller: A Boolean value that indicates whether calls run on the thread that calls
    ///     ``dispatch(_:offered:context:)``. It has no effect for an async function.
    ///   - readsOutside: A Boolean value that indicates whether results may have text that other people wrote, such as
    ///     web pages. After such a result, calls that could do harm need the user's confirmation.
    /// - Throws: ``ToolHostError`` if the description of the tool is invalid, or its name is taken.
    public func register(
        _ tool: Tool,
        runsOnCaller: Bool = false,
        readsOutside: Bool = false
    ) throws(ToolHostError) {
        let limits = RegistrationLimits(schemaBytes: configuration.limits.schemaBytes)
        let source: LoadedPlugin
        do {
            source = try LoadedPlugin(
                programTool: tool,
                runsOnCaller: runsOnCaller,
                serialLane: serialLane,
                limits: limits
            ) { [logger = configuration.logger] level, message in
                logger?.log(severity: Int(level), message, plugin: "")
            }
        } catch {
            throw Self.invalidTool(error.message, error)
        }
        try register(source, readsOutside: readsOutside)
    }

    /// Registers all tools of a source as tools of this program, or none of them.
    ///
    /// - Throws: ``ToolHostError`` if the description of a tool is invalid, or a name is taken.
    package func register(_ source: any ToolSource, readsOutside: Bool = false) throws(ToolHostError) {
        var tools: [RegisteredTool] = []
        for index in source.registration.tools.indices {
            do throws(ToolDefinitionError) {
                var tool = try RegisteredTool.reading(index, of: source, from: .program).tool
                tool.isDeclaredOutside = readsOutside
                tools.append(tool)
            } catch {
                throw Self.invalidTool(error.sentence, error)
            }
        }
        try registry.withLock { registry throws(ToolHostError) in
            try registry.add(tools)
        }
    }

    private static func invalidTool(_ reason: String, _ error: any Error) -> ToolHostError {
        let message = "A tool of this program cannot be offered. \(reason)"
        return ToolHostError(.invalidTool, message: message, underlyingError: error)
    }

    /// The tools that are offered, sorted by name: a stable order keeps a model's prompt cache valid.
    public var tools: [RegisteredTool] {
        registry.withLock { $0.tools.values.sorted { $0.name < $1.name } }
    }

    /// Returns the offered tool with a name, or nil if there is none.
    ///
    /// Names are compared byte by byte.
    public func tool(named name: String) -> RegisteredTool? {
        registry.withLock { $0.tool(named: name) }
    }

    /// The reports about the files that were found on the search path.
    public var plugins: [PluginReport] { registry.withLock { $0.entries }.map(\.currentReport) }

    /// Returns the report of the plugin that has a tool and does not offer it, or that has the name and offers no
    /// tools.
    ///
    /// The tools of a plugin that is broken or was not run are known if it registered before, is trusted, or is a
    /// binding with readable JSON.
    ///
    /// - Parameter name: The name of a tool, of a plugin or of its file.
    /// - Returns: The report with the reason; nil if the tool is offered or the name is unknown.
    public func unavailablePlugin(named name: String) -> PluginReport? {
        registry.withLock { $0.unavailablePlugin(name) }?.currentReport
    }

    /// Records in the user's lock file that a loaded plugin is trusted, with the hash of its current file and all
    /// permissions that it requests.
    ///
    /// - Parameters:
    ///   - file: The plugin's file, as in ``plugins``.
    ///   - isShipped: True if the lock file is distributed together with the plugins, so that their directory is not
    ///     recorded.
    /// - Throws: ``ToolHostError`` if no such plugin is loaded, or the lock file cannot be written.
    public func trustPlugin(at file: String, isShipped: Bool = false) throws(ToolHostError) {
        let entry = registry.withLock { $0.entries.first { $0.report.file.hasSameBytes(as: file) } }
        guard let grants = entry?.grants else {
            throw ToolHostError(.unknownPlugin, message: "No plugin is loaded from \(file).")
        }
        try grants.record(isShipped: isShipped)
    }

    /// Returns the sentences for a name that no offered tool has: the nearest names come first.
    ///
    /// - Parameter others: The names of tools that are not offered, but may be meant.
    package func sentence(forUnknownTool name: String, besides others: [String]) -> String {
        ToolListing(registry.withLock { $0 }, offered: nil).sentence(forUnknown: name, besides: others)
    }

    // MARK: - Calls

    /// The executor of the host, for a program's own tasks that must not wait for Swift's shared pool.
    ///
    /// It starts as many threads as it needs, so its tasks may block.
    public static var executor: any TaskExecutor { HostExecutor.shared }

    /// Starts a batch of calls, which run in parallel.
    ///
    /// ```swift
    /// let results = await host.dispatch([ToolCall(name: "add", arguments: ["a": 1, "b": 2])]).results
    /// ```
    ///
    /// Most calls have started when this function returns. Those that take long to check, have to wait or follow
    /// hundreds of others start on the host's own threads. Each call gets exactly one result, and does not affect the
    /// results of others: a call that cannot run, fails, is refused or misses its deadline is not an error of this
    /// function. A call runs as soon as its arguments have been checked; the check of another call does not delay it.
    /// The user is asked once, after all checks.
    ///
    /// Everything runs on the calling thread, the host's own threads and the executors of the tasks that read the
    /// events or the results. Nothing waits for Swift's shared pool. If the current task is already cancelled, no call
    /// runs.
    ///
    /// - Parameters:
    ///   - calls: The calls, identified by their position. Calls beyond ``ToolLimits/calls`` get the result
    ///     ``ToolStatus/notRun``.
    ///   - offered: The names of the tools that may be called, or nil for all. For any other name, the result is the
    ///     same as if there were no such tool.
    ///   - context: The conversation of the calls, which can make questions to the user necessary.
    /// - Returns: The running calls: their events, and their results. If the last reference to it is dropped, the calls
    ///   are cancelled.
    public func dispatch(
        _ calls: [ToolCall],
        offered: Set<String>? = nil,
        context: CallContext = CallContext()
    ) -> ToolDispatch {
        dispatch(calls, offered: offered, context: context, own: [])
    }

    /// Starts a batch of calls of the host's tools and of tools that belong to the caller.
    ///
    /// A call of either kind is checked, authorized, limited and reported in the same way.
    ///
    /// - Parameters:
    ///   - calls: The calls, as for ``dispatch(_:offered:context:)``.
    ///   - offered: The names of the registered tools that may be called, or nil for all.
    ///   - context: The conversation of the calls.
    ///   - own: The tools of the caller, which take precedence over registered tools of the same name.
    package func dispatch(
        _ calls: [ToolCall],
        offered: Set<String>?,
        context: CallContext,
        own: [RegisteredTool]
    ) -> ToolDispatch {
        let limits = configuration.limits
        let progress = DispatchProgress(calls: calls.count, isCancelled: Task.isCancelled)
        let running = calls.prefix(limits.calls)
        let batch = DispatchBatch(
            limits: limits,
            slots: slots,
            checkThreads: checkThreads,
            listing: ToolListing(registry.withLock { $0 }, offered: offered, own: own),
            authorization: BatchAuthorization(
                configuration.authorization,
                calls: running.count,
                logger: configuration.logger
            ),
            context: context,
            budget: ResultBudget(bytes: limits.resultBytesPerMessage, calls: running.count),
            progress: progress
        )
        batch.start(running)
        for index in running.endIndex..<calls.endIndex {
            let sentence = "Not run: at most \(limits.calls) calls are run from one message. Call again."
            progress.finish(index, ToolResult(refusing: calls[index], .notRun, sentence))
        }
        return ToolDispatch(progress)
    }
}
