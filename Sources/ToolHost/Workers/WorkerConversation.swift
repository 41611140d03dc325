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
    let quarantine: Quarantine?
    /// Receives the plugin's log lines.
    let log: PluginContext.Log
}

extension WorkerSettings {
    init(_ file: PluginFile, _ workers: WorkerConfiguration, _ configuration: HostConfiguration) {
        let log = configuration.log
        self.init(
            file: file,
            program: workers.program,
            environment: workers.environment,
            limits: configuration.limits,
            idle: workers.idle,
            sandbox: workers.sandbox,
            quarantine: configuration.stateFolder.map(Quarantine.init),
            log: { level, message in log(file.path, Int(level), message) }
        )
    }
}

/// A worker process from its start to its end: the greeting, the registration within its deadline, and then whatever
/// the plugin has to say.
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

        var culprit: UInt64? { end.culprit }

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
        var incident: String {
            let output = end.output.split(separator: "\n").joined(separator: " ⏎ ")
            return output.isEmpty ? sentence : "\(sentence) The last of its output: \(output)"
        }
    }

    /// Starts a process and gives it its order.
    ///
    /// - Parameter granted: What the plugin may touch.
    init(_ settings: WorkerSettings, _ granted: PluginPermissions) throws(WorkerFailure) {
        self.settings = settings
        var environment = settings.environment
        for name in granted.environment { environment[name] = getenv(name).map { String(cString: $0) } }
        // Swift's own reaction to a crash would take seconds, and start another program.
        environment["SWIFT_BACKTRACE"] = "enable=no"
        process = try WorkerSpawner.shared.spawn(settings.program, environment: environment)
        let order = WorkerOrder(
            path: settings.file.path,
            stamp: settings.file.stamp,
            manifestBytes: settings.limits.manifestBytes,
            schemaBytes: settings.limits.schemaBytes,
            confinement: SandboxOrder(
                mode: settings.sandbox,
                grants: granted.sandboxGrants,
                libraries: settings.file.libraries
            ).json.bytes()
        )
        process.send(.load(order))
    }

    /// Hears the process out, on this thread.
    ///
    /// - Parameters:
    ///   - confined: Told what the kernel enforces on it.
    ///   - registered: Told what the plugin says of itself, once.
    ///   - hear: Told what it says after that; log lines excepted.
    func listen(
        confined: (SandboxReport) -> Void,
        registered: (PluginRegistration, WorkerProcess) throws(FrameError) -> Void,
        hear: (WorkerMessage, WorkerProcess) throws(FrameError) -> Void
    ) -> End {
        var (didGreet, didRegister) = (false, false)
        var refusal: PluginError?
        let limit = settings.limits.registration
        let process = process
        let timer = DeadlineTimer.shared.schedule(at: .now + limit) {
            process.kill("It did not load and register within \(limit.words).")
        }
        let end = process.listen { message throws(FrameError) in
            switch message {
            case .hello(let version):
                guard version == workerProtocolVersion, !didGreet else {
                    throw FrameError("version \(version.prefix(20)), where this host speaks \(workerProtocolVersion)")
                }
                didGreet = true
            case _ where !didGreet:
                throw FrameError("a message before its greeting")
            case .log(let level, let text):
                settings.log(min(max(level, 0), 3), String(text.prefix(8 << 10)))
            case .confined(let report) where !didRegister:
                // It tells of itself before any code of the plugin runs.
                confined(SandboxReport((try? JSON(parsing: report, limits: JSONLimits(bytes: 1 << 16))) ?? .null))
            case .registered(let registration) where !didRegister:
                DeadlineTimer.shared.cancel(timer)
                try registered(registration, process)
                didRegister = true
            case .refused(let code, let text) where !didRegister && refusal == nil:
                refusal = PluginError(
                    PluginError.Code(rawValue: code) ?? .notLoadable,
                    file: settings.file.path,
                    String(text.prefix(4096))
                )
                process.close()
            case .violation where !didRegister:
                break
            default:
                guard didRegister else { throw FrameError("a message before its registration") }
                try hear(message, process)
            }
        }
        DeadlineTimer.shared.cancel(timer)
        return End(
            process: process,
            program: settings.program,
            didGreet: didGreet,
            didRegister: didRegister,
            refusal: refusal,
            end: end
        )
    }

    /// Has a plugin register in a process that is used for nothing else.
    ///
    /// Blocks until the process has ended.
    static func registration(_ settings: WorkerSettings) throws(PluginError) -> PluginRegistration {
        let conversation: WorkerConversation
        do throws(WorkerFailure) {
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
        if end.isCrash { settings.quarantine?.recordDeath(of: settings.file, end.sentence) }
        // What is no worker program of this version says nothing of the plugin.
        throw end.refusal ?? PluginError(end.didGreet ? .crashed : .notLoadable, file: settings.file.path, end.incident)
    }
}
