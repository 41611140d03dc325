import Glibc
import ToolJSON
import ToolRuntime
import ToolSandbox

/// What a worker process is started with.
struct WorkerSettings: Sendable {
    let file: PluginFile
    let program: String
    let environment: [String: String]
    let limits: ToolLimits
    let idle: Duration
    let sandbox: SandboxMode
    /// Where deaths are taken down.
    var quarantine: Quarantine?
    /// Receives the plugin's log lines.
    let log: PluginContext.Log
    /// Receives the lines that the plugin prints; nil if they are not shown.
    let output: (@Sendable (String) -> Void)?
}

extension WorkerSettings {
    init(_ file: PluginFile, _ workers: WorkerConfiguration, _ configuration: HostConfiguration) {
        let log = configuration.log
        var output: (@Sendable (String) -> Void)?
        if let show = configuration.output { output = { line in show(file.path, line) } }
        self.init(
            file: file,
            program: workers.program,
            environment: workers.environment,
            limits: configuration.limits,
            idle: workers.idle,
            sandbox: workers.sandbox,
            quarantine: configuration.stateDirectory.map(Quarantine.init),
            log: { level, message in log(file.path, Int(level), message) },
            output: output
        )
    }
}

/// A worker process from its start to its end: the greeting, the registration within its deadline, and then the messages
/// of the plugin.
struct WorkerConversation {
    let process: WorkerProcess
    private let settings: WorkerSettings

    /// How a process ended, and how far it had come.
    struct End {
        let process: WorkerProcess
        let program: String
        let didGreet: Bool
        let didRegister: Bool
        let refusal: PluginError?
        let end: WorkerEnd

        /// Whether the plugin brought its process down.
        var isCrash: Bool { didGreet && refusal == nil && end.isCrash }

        /// Whether it is to be remembered against the plugin: it crashed, or never got as far as to register.
        var isFault: Bool { isCrash || didGreet && refusal == nil && !didRegister }

        var crashedCall: UInt64? { end.crashedCall }

        /// What happened, in sentences.
        var sentence: String {
            if let refusal { return refusal.message }
            guard didGreet else {
                return
                    "\(program) is not the worker program of this version. \(end.sentence) Install toolhost again as a "
                    + "whole, or run plugins without protection: --in-process."
            }
            return didRegister ? end.sentence : "While it was loaded: \(end.sentence)"
        }

        /// The same for a person who looks into it.
        var incident: String { output.isEmpty ? sentence : "\(sentence) The last of its output: \(output)" }

        /// The last of what it wrote to its standard output and error, in one line.
        var output: String {
            let text = end.output.split(separator: "\n").joined(separator: " ⏎ ").unicodeScalars
            return text.count > Self.shownOutput ? "…" + String(text.suffix(Self.shownOutput)) : String(text)
        }

        private static let shownOutput = 600
    }

    /// Starts a process and gives it its order.
    ///
    /// - Parameter granted: What the plugin may touch.
    init(_ settings: WorkerSettings, _ granted: PluginPermissions) throws(WorkerError) {
        self.settings = settings
        try Self.checkIsUnchanged(settings.file)
        var environment = settings.environment
        for name in granted.environment { environment[name] = getenv(name).map { String(cString: $0) } }
        // Swift's own reaction to a crash would take seconds, and start another program.
        environment["SWIFT_BACKTRACE"] = "enable=no"
        process = try WorkerSpawner.shared.spawn(
            settings.program,
            environment: environment,
            bounds: ProcessGroup.Bounds(granted, settings)
        )
        let order = WorkerOrder(
            path: settings.file.path,
            stamp: settings.file.stamp,
            manifestBytes: settings.limits.manifestBytes,
            schemaBytes: settings.limits.schemaBytes,
            confinement: SandboxOrder(
                mode: settings.sandbox,
                grants: granted.sandboxGrants,
                libraries: settings.file.libraries,
                processes: settings.limits.processes
            ).json.bytes()
        )
        process.send(.load(order))
    }

    /// Checks that the file is the one whose tools were listed, because the grants are for that one.
    ///
    /// The sentences have no path, because they become the result of a call.
    private static func checkIsUnchanged(_ file: PluginFile) throws(WorkerError) {
        guard let now = try? PluginFile(checking: file.path) else {
            throw WorkerError("The plugin's file cannot be used any more. Only the user can change that.")
        }
        guard now.stamp == file.stamp else {
            throw WorkerError(
                "The plugin's file has changed since its tools were listed, so it is not run. Only the user can change that."
            )
        }
    }

    /// How far a process has come.
    private enum Stage { case greeting, confinement, registration, service }

    /// Hears the process out, on this thread.
    ///
    /// It greets and tells how it is confined before any code of the plugin runs. All that comes later the plugin may have
    /// written itself, its registration included, and from before the sandbox is tightened. That gains it nothing: what it
    /// registers are its own words either way, and tightening only takes calls away that cannot undo the sandbox.
    ///
    /// - Parameters:
    ///   - confined: Told what the kernel enforces on it, once.
    ///   - registered: Told what the plugin says of itself, once.
    ///   - hear: Told what it says after that; log lines excepted.
    func listen(
        confined: (SandboxReport) -> Void,
        registered: (PluginRegistration, WorkerProcess) throws(FrameError) -> Void,
        hear: (WorkerMessage, WorkerProcess) throws(FrameError) -> Void
    ) -> End {
        var stage = Stage.greeting
        var refusal: PluginError?
        var lines = MessageAllowance(perSecond: Self.linesPerSecond)
        var progress = MessageAllowance(perSecond: Self.progressPerSecond)
        var notes = MessageAllowance(perSecond: Self.notesPerSecond)
        let limit = settings.limits.registration
        let process = process
        process.setBusy(true)
        WorkerWatch.shared.add(process)
        defer { WorkerWatch.shared.remove(process) }
        let timer = DeadlineTimer.shared.schedule(at: .now + limit) {
            process.kill("It did not load and register within \(limit.words).")
        }
        let bounds = RegistrationLimits(
            manifestBytes: settings.limits.manifestBytes,
            schemaBytes: settings.limits.schemaBytes
        )
        let end = process.listen(messageBytes: bounds.messageBytes, output: settings.output) {
            message throws(FrameError) in
            switch (stage, message) {
            case (.greeting, .hello(let version)):
                guard version == workerProtocolVersion else {
                    throw FrameError("version \(version.prefix(20)), where this host speaks \(workerProtocolVersion)")
                }
                stage = .confinement
            case (.greeting, _):
                throw FrameError("a message before its greeting")
            case (.confinement, .confined(let report)):
                confined(SandboxReport((try? JSON(parsing: report, limits: JSONLimits(bytes: 1 << 16))) ?? .null))
                stage = .registration
            case (.confinement, .refused(let code, let text)),
                (.registration, .refused(let code, let text)) where refusal == nil:
                refusal = Self.refusal(code, text, of: settings.file, isLoaded: stage == .registration)
                process.close()
            case (.confinement, _):
                throw FrameError("a message before it was confined")
            case (_, .log(let level, let text)):
                guard lines.take() else { break }
                tellDropped(&lines, "log lines")
                settings.log(min(max(level, 0), 3), text)
            case (.registration, .registered(let registration)):
                try registration.check(bounds)
                DeadlineTimer.shared.cancel(timer)
                process.setBusy(false)
                try registered(registration, process)
                stage = .service
            case (.registration, .violation):
                break
            case (.registration, _):
                throw FrameError("a message before its registration")
            case (.service, .progress) where !progress.take():
                break
            case (.service, .ended):
                // The program may exit as soon as it has the result.
                if notes.take() { tellDropped(&lines, "log lines") }
                try hear(message, process)
            case (.service, _):
                try hear(message, process)
            }
        }
        DeadlineTimer.shared.cancel(timer)
        tellDropped(&lines, "log lines")
        tellDropped(&progress, "reports of progress")
        return End(
            process: process,
            program: settings.program,
            didGreet: stage != .greeting,
            didRegister: stage == .service,
            refusal: refusal,
            end: end
        )
    }

    /// Why a file cannot be used.
    ///
    /// Once it has been loaded these may be the plugin's words, which must not pass for the host's on its confinement.
    private static func refusal(_ code: String, _ text: String, of file: PluginFile, isLoaded: Bool) -> PluginError {
        let code = PluginError.Code(rawValue: code) ?? .notLoadable
        guard isLoaded, code == .notConfined else { return PluginError(code, file: file.path, text) }
        return PluginError(.refused, file: file.path, "It was loaded and then ended, and its process says: \(text)")
    }

    private static let linesPerSecond = 200
    private static let progressPerSecond = 1000
    private static let notesPerSecond = 20
    /// `TOOL_LOG_WARNING`.
    private static let warning: Int32 = 2

    private func tellDropped(_ allowance: inout MessageAllowance, _ what: String) {
        let count = allowance.takeDropped()
        if count > 0 { settings.log(Self.warning, "\(count) \(what) came too fast and were dropped.") }
    }

    /// Has a plugin register in a process that is used for nothing else.
    ///
    /// Blocks until the process has ended.
    static func registration(_ settings: WorkerSettings) throws(PluginError) -> PluginRegistration {
        let conversation: WorkerConversation
        do throws(WorkerError) {
            conversation = try WorkerConversation(settings, PluginPermissions())
        } catch {
            throw PluginError(.notLoadable, file: settings.file.path, error.sentence)
        }
        var registration: PluginRegistration?
        let end = conversation.listen(
            confined: { _ in },
            registered: { found, process throws(FrameError) in
                registration = found
                process.close()
            },
            hear: { _, _ throws(FrameError) in }
        )
        if let registration { return registration }
        if end.isFault { settings.quarantine?.recordDeath(of: settings.file, end.sentence, output: end.output) }
        // What is no worker program of this version says nothing of the plugin.
        throw end.refusal ?? PluginError(end.didGreet ? .crashed : .notLoadable, file: settings.file.path, end.incident)
    }
}
