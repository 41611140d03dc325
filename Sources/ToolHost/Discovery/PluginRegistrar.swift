import ToolRuntime

/// The registration of the plugins of a search path, all of them within one deadline.
struct PluginRegistrar: Sendable {
    private let settings: LoadingSettings
    /// The plugins that were in quarantine when the registration began.
    private let held: [Quarantine.Entry]
    private let hashes: KnownHashes
    private let deadline: MonotonicInstant

    /// Starts the time limit of all plugins together.
    init(_ settings: LoadingSettings, _ hashes: KnownHashes) {
        self.settings = settings
        self.hashes = hashes
        held = if case .workers = settings.isolation { settings.quarantine?.held ?? [] } else { [] }
        deadline = .now + settings.limits.scan
    }

    /// Returns a plugin that registered in an earlier run.
    ///
    /// - Returns: Nil if a process must be started, or a file read, to find out more.
    /// - Throws: ``PluginError`` if the plugin failed in an earlier run, or is in quarantine.
    func knownPlugin(
        _ file: PluginFile,
        _ known: PluginCache.Entry?,
        _ python: PythonLaunch?
    ) throws(PluginError) -> (any ToolSource)? {
        guard case .workers(let workers) = settings.isolation, held.isEmpty || hashes.cover(file) else { return nil }
        try checkQuarantine(file)
        return try knownPlugin(file, known, python, workers)
    }

    /// Returns a plugin that registered now or in an earlier run.
    ///
    /// - Throws: ``PluginError`` if the plugin cannot be used, failed in an earlier run, or is in quarantine.
    func plugin(
        _ file: PluginFile,
        _ known: PluginCache.Entry?,
        _ python: PythonLaunch?
    ) async throws(PluginError) -> any ToolSource {
        guard case .workers(let workers) = settings.isolation else { return try await loadInProcess(file) }
        try checkQuarantine(file)
        if let plugin = try knownPlugin(file, known, python, workers) { return plugin }
        let registration = try await register(file, python, workers)
        return WorkerPlugin(registration: registration, settings: workerSettings(file, python, workers))
    }

    private func knownPlugin(
        _ file: PluginFile,
        _ known: PluginCache.Entry?,
        _ python: PythonLaunch?,
        _ workers: WorkerConfiguration
    ) throws(PluginError) -> (any ToolSource)? {
        guard let known else { return nil }
        let conditions = PluginCache.Conditions(settings.limits.registration, workers.sandbox)
        if let error = known.failure(of: file, conditions) { throw error }
        guard let registration = known.registered?.registration else { return nil }
        return WorkerPlugin(registration: registration, settings: workerSettings(file, python, workers))
    }

    private func checkQuarantine(_ file: PluginFile) throws(PluginError) {
        if let error = Quarantine.error(for: file, among: held, hashes) { throw error }
    }

    /// - Parameters:
    ///   - time: The time limit of the registration, or nil for the configured one.
    ///   - recordsDeaths: True if the death of a process counts against the plugin.
    private func workerSettings(
        _ file: PluginFile,
        _ python: PythonLaunch?,
        _ workers: WorkerConfiguration,
        time: Duration? = nil,
        recordsDeaths: Bool = true
    ) -> WorkerSettings {
        var limits = settings.limits
        if let time { limits.registration = time }
        let output = settings.output.map { output in { @Sendable line in output(file.path, line) } }
        return WorkerSettings(
            file: file,
            workers: workers,
            limits: limits,
            quarantine: recordsDeaths ? settings.quarantine : nil,
            log: settings.log(file.path),
            output: output,
            python: python
        )
    }

    /// Registers a plugin in a worker process, which then exits: the calls run in another process.
    private func register(
        _ file: PluginFile,
        _ python: PythonLaunch?,
        _ workers: WorkerConfiguration
    ) async throws(PluginError) -> PluginRegistration {
        let time = try remainingTime(for: file)
        let isShortened = time < settings.limits.registration
        // A plugin is not at fault if it had less time than it should have.
        let settings = workerSettings(file, python, workers, time: time, recordsDeaths: !isShortened)
        let result = await HostThreads.value {
            Result { () throws(PluginError) in try WorkerConversation.registration(settings) }
        }
        guard let result else {
            throw PluginError(.notLoadable, file: file.path, "The system has no thread left to load it on.")
        }
        do {
            return try result.get()
        } catch {
            // With more time it might have registered.
            throw isShortened && MonotonicInstant.now >= deadline ? late(file) : error
        }
    }

    private func loadInProcess(_ file: PluginFile) async throws(PluginError) -> LoadedPlugin {
        let limits = RegistrationLimits(
            manifestBytes: settings.limits.manifestBytes,
            schemaBytes: settings.limits.schemaBytes
        )
        let log = settings.log(file.path)
        let time = try remainingTime(for: file)
        let result = await HostThreads.value(timeout: time) {
            Result { () throws(PluginError) in try LoadedPlugin(loading: file, limits: limits, log: log) }
        }
        guard let result else {
            guard time == settings.limits.registration else { throw late(file) }
            throw PluginError(
                .timedOut,
                file: file.path,
                "Did not load and register within \(time.words).",
                remedy: .raiseLimit("registration")
            )
        }
        return try result.get()
    }

    /// The time that is left for a plugin that is about to begin.
    private func remainingTime(for file: PluginFile) throws(PluginError) -> Duration {
        let left = deadline.since(.now)
        guard left > .zero else { throw late(file) }
        return min(left, settings.limits.registration)
    }

    private func late(_ file: PluginFile) -> PluginError {
        PluginError(
            .timedOut,
            file: file.path,
            "Has not registered in time: all plugins together have \(settings.limits.scan.words) for that. Remove those that "
                + "take long, or list again: what has registered is not asked again.",
            remedy: .raiseLimit("scan")
        )
    }
}
