import ToolRuntime

extension WorkerConversation {
    /// Lets a plugin register in a process that is used for nothing else.
    ///
    /// Blocks the calling thread until the process exits.
    static func registration(_ settings: WorkerSettings) throws(PluginError) -> PluginRegistration {
        let conversation: WorkerConversation
        do throws(WorkerError) {
            conversation = try WorkerConversation(settings, PluginPermissions())
        } catch {
            throw PluginError(
                .notLoadable,
                file: settings.file.path,
                error.message,
                underlyingError: error,
                remedy: error.remedy
            )
        }
        var registration: PluginRegistration?
        let outcome = conversation.runUntilExit(
            confined: { _ in },
            registered: { found, process throws(FrameError) in
                registration = found
                process.close()
            },
            handle: { _, _ throws(FrameError) in }
        )
        if let registration { return registration }
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
