import ToolJSON
import ToolRuntime

/// Has the plugins of a search path register, all of them within one deadline.
struct PluginRegistrar: Sendable {
    private let configuration: HostConfiguration
    /// The plugins in quarantine when the scan began.
    private let held: [Quarantine.Entry]
    private let hashes: KnownHashes
    private let end: MonotonicInstant

    /// Begins the time that all plugins together have.
    init(_ configuration: HostConfiguration, _ hashes: KnownHashes) {
        self.configuration = configuration
        self.hashes = hashes
        if case .workers = configuration.isolation, let directory = configuration.stateDirectory {
            held = Quarantine(directory: directory).held
        } else {
            held = []
        }
        end = .now + configuration.limits.scan
    }

    /// A plugin that registered when it was last tried.
    ///
    /// - Returns: `nil` where it takes a process, or the reading of a file, to find out more.
    /// - Throws: ``PluginError`` where it could not be used when it was last tried, or is in quarantine.
    func knownPlugin(_ file: PluginFile, _ known: PluginCache.Entry?) throws(PluginError) -> (any PluginInstance)? {
        guard case .workers(let workers) = configuration.isolation, held.isEmpty || hashes.cover(file)
        else { return nil }
        try checkQuarantine(file)
        return try knownPlugin(file, known, workers)
    }

    /// A plugin that has registered, now or when it was last tried.
    ///
    /// - Throws: ``PluginError`` where it cannot be used, or could not when it was last tried.
    func plugin(_ file: PluginFile, _ known: PluginCache.Entry?) async throws(PluginError) -> any PluginInstance {
        guard case .workers(let workers) = configuration.isolation else { return try await loadInProcess(file) }
        try checkQuarantine(file)
        if let plugin = try knownPlugin(file, known, workers) { return plugin }
        let settings = WorkerSettings(file, workers, configuration)
        return WorkerPlugin(registration: try await register(file, workers), settings: settings)
    }

    private func knownPlugin(
        _ file: PluginFile,
        _ known: PluginCache.Entry?,
        _ workers: WorkerConfiguration
    ) throws(PluginError) -> (any PluginInstance)? {
        guard let known else { return nil }
        let conditions = PluginCache.Conditions(configuration.limits.registration, workers.sandbox)
        if let failure = known.failure(of: file, conditions) { throw failure }
        guard let registration = known.registered?.registration else { return nil }
        return WorkerPlugin(registration: registration, settings: WorkerSettings(file, workers, configuration))
    }

    private func checkQuarantine(_ file: PluginFile) throws(PluginError) {
        guard let sentence = Quarantine.sentence(for: file, among: held, hashes) else { return }
        throw PluginError(.quarantined, file: file.path, sentence)
    }

    /// Has a plugin register in a worker process, which then ends: its calls get one of their own.
    private func register(
        _ file: PluginFile,
        _ workers: WorkerConfiguration
    ) async throws(PluginError) -> PluginRegistration {
        var hurried = configuration
        hurried.limits.registration = try time(for: file)
        let isHurried = hurried.limits.registration < configuration.limits.registration
        var settings = WorkerSettings(file, workers, hurried)
        // That it had too little time is not its fault.
        if isHurried { settings.quarantine = nil }
        let result = await onHostThread { [settings] in
            Result { () throws(PluginError) in try WorkerConversation.registration(settings) }
        }
        guard let result else {
            throw PluginError(.notLoadable, file: file.path, "The system has no thread left to load it on.")
        }
        do {
            return try result.get()
        } catch {
            // With more time it might have come to something else.
            throw isHurried && MonotonicInstant.now >= end ? late(file) : error
        }
    }

    private func loadInProcess(_ file: PluginFile) async throws(PluginError) -> LoadedPlugin {
        let limits = RegistrationLimits(
            manifestBytes: configuration.limits.manifestBytes,
            schemaBytes: configuration.limits.schemaBytes
        )
        let log = configuration.log
        let time = try time(for: file)
        let result = await onHostThread(timeout: time) {
            Result { () throws(PluginError) in
                try LoadedPlugin(loading: file, limits: limits) { level, message in
                    log(file.path, Int(level), message)
                }
            }
        }
        guard let result else {
            guard time == configuration.limits.registration else { throw late(file) }
            throw PluginError(.timedOut, file: file.path, "Did not load and register within \(time.words).")
        }
        return try result.get()
    }

    /// The time that is left for a plugin that is about to begin.
    private func time(for file: PluginFile) throws(PluginError) -> Duration {
        let left = end.since(.now)
        guard left > .zero else { throw late(file) }
        return min(left, configuration.limits.registration)
    }

    private func late(_ file: PluginFile) -> PluginError {
        PluginError(
            .timedOut,
            file: file.path,
            "Has not registered in time: all plugins together have \(configuration.limits.scan.words) for that (the limit "
                + "\"scan\" of the configuration). Remove those that take long, or list again: what has registered is "
                + "not asked again."
        )
    }
}

/// Runs blocking work on a thread of the host's own.
///
/// - Returns: `nil` where it took too long, and its thread is given up; or where no thread could be had.
func onHostThread<Value: Sendable>(
    timeout: Duration? = nil,
    _ body: @escaping @Sendable () -> Value
) async -> Value? {
    let answer = OneShot<Value>()
    let timer = timeout.map { timeout in
        DeadlineTimer.shared.schedule(at: .now + timeout) { answer.give(nil) }
    }
    let isRunning = HostThreads.shared.run {
        answer.give(body())
        if let timer { DeadlineTimer.shared.cancel(timer) }
    }
    if !isRunning { answer.give(nil) }
    return await answer.wait()
}
