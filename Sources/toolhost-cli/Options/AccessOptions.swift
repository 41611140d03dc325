import ArgumentParser
import ToolHost
import ToolJSON

/// The options for the permissions and the sandbox of plugins.
struct AccessOptions: ParsableArguments {
    @Option(
        name: .customLong("allow"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            """
            Grant a permission for this run: read=PATH, write=PATH, spawn=PATH, network=PORT, env=NAME or memory=BYTES. \
            Without a plugin name, it is for all plugins.
            """,
            valueName: "[plugin:]what=…"
        )
    )
    var allowances: [String] = []

    @Flag(
        name: .customLong("locked"),
        help: "Refuse plugins that are not trusted, or have changed since they were trusted."
    )
    var isLocked = false

    @Option(
        help: ArgumentHelp(
            """
            If the kernel cannot confine plugins fully, refuse them (required) or run them (best-effort); or confine no \
            plugin (off).
            """,
            valueName: "mode"
        ),
        transform: { text in
            guard let mode = SandboxMode(rawValue: text) else {
                let question = NearNames.question(text, among: ["required", "best-effort", "off"])
                throw ValidationError("--sandbox takes required, best-effort or off.\(question)")
            }
            return mode
        }
    )
    var sandbox: SandboxMode?

    /// The user's lock file.
    static var lockFile: TrustFile? {
        UserPaths.directory(.configuration).map { TrustFile(path: $0 + "/plugins.lock.json") }
    }

    /// Applies the options and the user's policy and lock files.
    ///
    /// - Parameter handle: Called for a policy that cannot be used.
    func apply(
        to configuration: inout HostConfiguration,
        inProcess: Bool,
        fault handle: SettingsFile.FaultHandler
    ) throws {
        var authorization = Authorization()
        do throws(ToolHostError) {
            if let path = UserPaths.policy { authorization.policy.file = try PolicyFile(path: path) }
        } catch {
            try handle(.policy, error)
        }
        authorization.trust.lockFile = Self.lockFile
        authorization.trust.installedLockFile = Installation.lockFile.map { TrustFile(path: $0) }
        authorization.trust.installedDirectory = Installation.plugins
        authorization.trust.requiresTrust = isLocked
        do throws(ToolHostError) {
            for text in allowances { authorization.trust.allowances.append(try Allowance(parsing: text)) }
        } catch {
            throw CommandError(.usage, escaping: error.message)
        }
        if Prompter.isPossible {
            authorization.asker = CallPrompter.asker
            authorization.offersUngrantedTools = true
        }
        configuration.authorization = authorization
        var workers = WorkerConfiguration()
        if let sandbox { workers.sandbox = sandbox }
        configuration.isolation = inProcess ? .inProcess : .workers(workers)
    }
}
