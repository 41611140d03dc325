import Glibc
import Locks
import ToolJSON
import ToolRuntime
import ToolSandbox

/// The conversation with one worker process: its greeting, its registration within a deadline, and then the messages of
/// the plugin.
///
/// Messages are read by the process's own thread, or by a caller that waits for the result of a call. Both handle them
/// in the same way.
final class WorkerConversation: Sendable {
    /// Called once with the kernel's protection that is in force.
    typealias Confined = @Sendable (SandboxReport) -> Void
    /// Called once with the plugin's registration.
    typealias Registered = @Sendable (PluginRegistration, WorkerConversation) throws(FrameError) -> Void
    /// Called with each later message, except log messages.
    ///
    /// It adds the results to report to the list.
    typealias Handle = @Sendable (WorkerMessage, WorkerProcess, inout ShortList<CallReport>) throws(FrameError) -> Void

    let process: WorkerProcess
    let settings: WorkerSettings
    let receiver: Lock<WorkerReceiver>
    let confined: Confined
    let registered: Registered
    let handle: Handle
    /// The manifest of a plugin whose process does not decide on it, or nil for another plugin.
    let manifest: [UInt8]?
    /// The real path of the worker program.
    private let program: String

    /// Starts a process and sends it its order.
    ///
    /// - Parameter granted: The permissions of the plugin.
    init(
        _ settings: WorkerSettings,
        _ granted: PluginPermissions,
        confined: @escaping Confined = { _ in },
        registered: @escaping Registered,
        handle: @escaping Handle = { _, _, _ throws(FrameError) in }
    ) throws(WorkerError) {
        self.settings = settings
        (self.confined, self.registered, self.handle) = (confined, registered, handle)
        let file = try Self.unchanged(settings)
        manifest = file.python.flatMap { content in
            settings.python?.manifest(content.metadata, name: PythonFile.pluginName(of: file.path) ?? "")
        }
        var environment = settings.workers.environment
        if settings.python != nil { environment.merge(PythonLaunch.environment) { configured, _ in configured } }
        for name in granted.environment { environment[name] = getenv(name).map { String(cString: $0) } }
        // Swift's own crash handler would take seconds and start another program.
        environment["SWIFT_BACKTRACE"] = "enable=no"
        program = try settings.workers.checkedProgram()
        process = try WorkerSpawner.shared.spawn(
            program,
            environment: environment,
            bounds: ProcessGroup.Bounds(granted, settings)
        )
        receiver = Lock(
            WorkerReceiver(
                stream: WorkerStream(socket: process.socket, messageBytes: settings.registrationLimits.messageBytes),
                printed: WorkerOutput(process.output, settings.output)
            )
        )
        let order = WorkerOrder(
            path: settings.file.path,
            stamp: settings.file.stamp,
            manifestBytes: settings.limits.manifestBytes,
            schemaBytes: settings.limits.schemaBytes,
            confinement: SandboxOrder(
                mode: settings.workers.sandbox,
                grants: granted.sandboxGrants,
                libraries: settings.python == nil ? settings.file.libraries : [],
                processes: settings.limits.processes,
                interpreter: settings.python?.sandbox
            ).json.bytes(),
            interpreter: settings.python?.order(
                for: file,
                limits: settings.limits,
                mayConnect: !granted.network.isEmpty
            )
        )
        process.send(.load(order))
    }

    /// Checks that the file is the one whose tools were listed, because the grants are for that one.
    ///
    /// The messages have no path, because they become the result of a call.
    ///
    /// - Returns: The file with its content.
    private static func unchanged(_ settings: WorkerSettings) throws(WorkerError) -> PluginFile {
        guard let now = try? PluginFile(checking: settings.file.path) else {
            throw WorkerError("The plugin's file cannot be used any more. Only the user can change that.")
        }
        guard now.stamp == settings.file.stamp else {
            throw WorkerError(
                "The plugin's file has changed since its tools were listed, so it is not run. Only the user can change that."
            )
        }
        guard settings.python?.isUnchanged != false else {
            throw WorkerError(
                "The plugin's Python interpreter has changed since its tools were listed, so it is not run. Only the user "
                    + "can change that, by starting this program again."
            )
        }
        return now
    }

    /// Reads the messages of the process until it exits and nothing of it is left.
    ///
    /// Blocks the calling thread.
    func runUntilExit() -> Outcome {
        let (process, limit) = (process, settings.limits.registration)
        process.setBusy(true)
        WorkerWatch.shared.add(process)
        defer { WorkerWatch.shared.remove(process) }
        let timer = DeadlineTimer.shared.schedule(at: .now + limit) {
            process.kill("It did not load and register within \(limit.words).")
        }
        receiver.withLock { $0.registrationTimer = timer }
        receiveUntilEnd()
        DeadlineTimer.shared.cancel(timer)
        return receiver.withLock { receiver in
            // No caller reads any more.
            receiver.isOpen = false
            let exit = process.reap(&receiver.printed)
            reportDropped(&receiver.lines, "log lines")
            reportDropped(&receiver.progress, "reports of progress")
            return Outcome(
                process: process,
                program: program,
                didGreet: receiver.stage != .greeting,
                registration: receiver.registration,
                refusal: receiver.refusal,
                exit: exit
            )
        }
    }

    /// `TOOL_LOG_WARNING`.
    private static let warning: Int32 = 2

    func reportDropped(_ allowance: inout MessageAllowance, _ kind: String) {
        let count = allowance.takeDropped()
        if count > 0 { settings.log(Self.warning, "\(count) \(kind) came too fast and were dropped.") }
    }
}
