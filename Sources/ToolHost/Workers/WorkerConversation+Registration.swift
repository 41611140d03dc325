import ToolRuntime

extension WorkerConversation {
    /// Lets a plugin register in a process that is used for nothing else.
    ///
    /// Blocks the calling thread until the process exits.
    static func registration(_ settings: WorkerSettings) throws(PluginError) -> PluginRegistration {
        let conversation: WorkerConversation
        do throws(WorkerError) {
            conversation = try WorkerConversation(
                settings,
                PluginPermissions(),
                registered: { _, conversation throws(FrameError) in conversation.process.close() }
            )
        } catch {
            throw PluginError(
                .notLoadable,
                file: settings.file.path,
                error.message,
                underlyingError: error,
                remedy: error.remedy
            )
        }
        let outcome = conversation.runUntilExit()
        if let registration = outcome.registration { return registration }
        if outcome.isFault {
            settings.quarantine?.recordDeath(of: settings.file, outcome.sentence, output: outcome.output)
        }
        if let refusal = outcome.refusal { throw refusal }
        guard outcome.didGreet else {
            throw PluginError(.notLoadable, file: settings.file.path, outcome.incident, remedy: outcome.remedy)
        }
        throw PluginError(.crashed, file: settings.file.path, outcome.incident)
    }
}
