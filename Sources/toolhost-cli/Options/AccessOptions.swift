import ArgumentParser
import OllamaClient
import ToolHost
import ToolJSON

/// The options for the permissions and the sandbox of plugins.
struct AccessOptions: ParsableArguments {
    @Option(
        name: .customLong("allow"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Grant something for this run: read=PATH, write=PATH, spawn=PATH, network=PORT, env=NAME or memory=BYTES.",
            valueName: "[plugin:]what=…"
        )
    )
    var allowances: [String] = []

    @Flag(name: .customLong("locked"), help: "Refuse plugins that are not trusted, or have changed since.")
    var isLocked = false

    @Option(
        help: ArgumentHelp(
            """
            What to do where the kernel cannot confine plugins: refuse them (required), go on (best-effort), or confine \
            none at all (off).
            """,
            valueName: "mode"
        ),
        transform: { text in
            guard let mode = SandboxMode(rawValue: text) else {
                let question = NearNames.question(text, among: ["required", "best-effort", "off"])
                throw ValidationError("--sandbox is required, best-effort or off.\(question)")
            }
            return mode
        }
    )
    var sandbox: SandboxMode?

    /// The user's lock file.
    static var lockFile: TrustFile? {
        HostOptions.directory(.configuration).map { TrustFile(path: $0 + "/plugins.lock.json") }
    }

    /// The path of the user's policy file; nil without a home directory.
    static var policyPath: String? { HostOptions.directory(.configuration).map { $0 + "/policy.json" } }

    /// - Parameter handle: Called for a policy that cannot be used.
    func apply(
        to configuration: inout HostConfiguration,
        inProcess: Bool,
        fault handle: SettingsFile.FaultHandler
    ) throws {
        var policy = GatePolicy()
        do throws(ToolHostError) {
            if let path = Self.policyPath { policy.file = try PolicyFile(path: path) }
        } catch {
            try handle(.policy, error)
        }
        do throws(ToolHostError) {
            configuration.trust.file = Self.lockFile
            configuration.trust.installed = Installation.lockFile.map { TrustFile(path: $0) }
            configuration.trust.installedDirectory = Installation.plugins
            configuration.trust.isLocked = isLocked
            for text in allowances { configuration.trust.allowances.append(try Allowance(parsing: text)) }
            policy.isUnprotectedByChoice = inProcess || sandbox == .off
            configuration.policy = policy
        } catch {
            throw CommandError(.usage, escaping: error.message)
        }
        if !inProcess {
            var workers = WorkerConfiguration(program: Installation.worker)
            if let sandbox { workers.sandbox = sandbox }
            configuration.isolation = .workers(workers)
        }
        if Prompter.isPossible { configuration.asker = CallPrompter.asker }
    }
}
