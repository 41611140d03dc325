import Glibc
import ToolJSON
import ToolRuntime
import ToolSandbox

/// The conversation with one worker process: its greeting, its registration within a deadline, and then the messages of
/// the plugin.
struct WorkerConversation {
    let process: WorkerProcess
    /// The real path of the worker program.
    private let program: String
    private let settings: WorkerSettings

    /// Starts a process and sends it its order.
    ///
    /// - Parameter granted: The permissions of the plugin.
    init(_ settings: WorkerSettings, _ granted: PluginPermissions) throws(WorkerError) {
        self.settings = settings
        try Self.checkIsUnchanged(settings.file)
        var environment = settings.workers.environment
        for name in granted.environment { environment[name] = getenv(name).map { String(cString: $0) } }
        // Swift's own crash handler would take seconds and start another program.
        environment["SWIFT_BACKTRACE"] = "enable=no"
        program = try settings.workers.checkedProgram()
        process = try WorkerSpawner.shared.spawn(
            program,
            environment: environment,
            bounds: ProcessGroup.Bounds(granted, settings)
        )
        let order = WorkerOrder(
            path: settings.file.path,
            stamp: settings.file.stamp,
            manifestBytes: settings.limits.manifestBytes,
            schemaBytes: settings.limits.schemaBytes,
            confinement: SandboxOrder(
                mode: settings.workers.sandbox,
                grants: granted.sandboxGrants,
                libraries: settings.file.libraries,
                processes: settings.limits.processes
            ).json.bytes()
        )
        process.send(.load(order))
    }

    /// Checks that the file is the one whose tools were listed, because the grants are for that one.
    ///
    /// The messages have no path, because they become the result of a call.
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

    /// The stages of a conversation.
    private enum Stage { case greeting, confinement, registration, service }

    /// Reads the messages of the process until it exits.
    ///
    /// Blocks the calling thread.
    ///
    /// The process greets and reports its confinement before any code of the plugin runs. The plugin may forge all
    /// later messages, its registration included, and it can do so before the sandbox is tightened. That gains it
    /// nothing: it chooses its registration anyway, and tightening only forbids system calls that cannot undo the
    /// sandbox.
    ///
    /// - Parameters:
    ///   - confined: Called once with the kernel's protection that is in force.
    ///   - registered: Called once with the plugin's registration.
    ///   - handle: Called with each later message, except log messages.
    func runUntilExit(
        confined: (SandboxReport) -> Void,
        registered: (PluginRegistration, WorkerProcess) throws(FrameError) -> Void,
        handle: (WorkerMessage, WorkerProcess) throws(FrameError) -> Void
    ) -> Outcome {
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
        let exit = process.readMessages(messageBytes: bounds.messageBytes, output: settings.output) {
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
                reportDropped(&lines, "log lines")
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
                if notes.take() { reportDropped(&lines, "log lines") }
                try handle(message, process)
            case (.service, _):
                try handle(message, process)
            }
        }
        DeadlineTimer.shared.cancel(timer)
        reportDropped(&lines, "log lines")
        reportDropped(&progress, "reports of progress")
        return Outcome(
            process: process,
            program: program,
            didGreet: stage != .greeting,
            didRegister: stage == .service,
            refusal: refusal,
            exit: exit
        )
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

    private static let linesPerSecond = 200
    private static let progressPerSecond = 1000
    private static let notesPerSecond = 20
    /// `TOOL_LOG_WARNING`.
    private static let warning: Int32 = 2

    private func reportDropped(_ allowance: inout MessageAllowance, _ kind: String) {
        let count = allowance.takeDropped()
        if count > 0 { settings.log(Self.warning, "\(count) \(kind) came too fast and were dropped.") }
    }
}
