import ToolJSON
import ToolRuntime
import ToolSandbox

// MARK: - The messages, by the stage of the conversation

extension WorkerConversation {
    /// Handles a message.
    ///
    /// The process greets and reports its confinement before any code of the plugin runs. The plugin may forge all
    /// later messages, its registration included, and it can do so before the sandbox is tightened. That gains it
    /// nothing: it chooses its registration anyway, and tightening only forbids system calls that cannot undo the
    /// sandbox.
    func handle(
        _ message: WorkerMessage,
        _ receiver: inout WorkerReceiver,
        _ reports: inout ShortList<CallReport>
    ) throws(FrameError) {
        switch (receiver.stage, message) {
        case (.service, .progress) where !receiver.progress.take():
            break
        case (.service, .ended):
            // The program may exit as soon as it has the result.
            if receiver.printed.isUnfinished { receiver.printed.finishLine() }
            if receiver.lines.hasDropped, receiver.notes.take() { reportDropped(&receiver.lines, "log lines") }
            try handle(message, process, &reports)
        case (.greeting, .hello(let version)):
            guard version == workerProtocolVersion else {
                throw FrameError("version \(version.prefix(20)), where this host speaks \(workerProtocolVersion)")
            }
            receiver.stage = .confinement
        case (.greeting, _):
            throw FrameError("a message before its greeting")
        case (.confinement, .confined(let report)):
            confined(SandboxReport((try? JSON(parsing: report, limits: JSONLimits(bytes: 1 << 16))) ?? .null))
            receiver.stage = .registration
        case (.confinement, .refused(let code, let text)),
            (.registration, .refused(let code, let text)) where receiver.refusal == nil:
            let isLoaded = receiver.stage == .registration
            receiver.refusal = Self.refusal(code, text, of: settings.file, isLoaded: isLoaded)
            process.close()
        case (.confinement, _):
            throw FrameError("a message before it was confined")
        case (_, .log(let level, let text)):
            guard receiver.lines.take() else { break }
            reportDropped(&receiver.lines, "log lines")
            settings.log(min(max(level, 0), 3), text)
        case (.registration, .registered(let registration)):
            try registration.check(settings.registrationLimits)
            var accepted = registration
            // The host has read the name and the permissions of a Python file, and the process cannot change them.
            if let manifest { accepted.manifest = manifest }
            if let timer = receiver.registrationTimer.take() { DeadlineTimer.shared.cancel(timer) }
            process.setBusy(false)
            try registered(accepted, self)
            receiver.registration = accepted
            receiver.stage = .service
        case (.registration, .violation):
            break
        case (.registration, _):
            throw FrameError("a message before its registration")
        case (.service, _):
            try handle(message, process, &reports)
        }
    }

    /// The error of a process that refuses the plugin.
    ///
    /// Once the plugin is loaded it may forge the message. The codes that only the host decides on, and their remedies,
    /// such as to trust the plugin, must not come from it.
    static func refusal(_ code: String, _ text: String, of file: PluginFile, isLoaded: Bool) -> PluginError {
        let code = PluginError.Code(rawValue: code) ?? .notLoadable
        let isHosts = [.lockedOut, .quarantined, .notTrusted, .notConfined].contains(code)
        guard isLoaded, isHosts else { return PluginError(code, file: file.path, text) }
        return PluginError(.refused, file: file.path, "It was loaded and then ended, and its process says: \(text)")
    }
}
