import ArgumentParser
import Glibc
import ToolHost
import ToolJSON

/// The verb `trust`.
struct TrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Trust the current file of a plugin, and grant its permissions.",
        usage: """
            toolhost trust [<options>] <file> ...
            toolhost trust --list [--json] [--config <file>] [--lock <file>]
            toolhost trust --remove [--lock <file>] <name> ...
            """,
        discussion: """
            Shows the permissions that the plugin requests and, if you agree, records them with hashes of its file and \
            its tools in plugins.lock.json beside the configuration. The plugin must be trusted again if its file or its \
            tools change, and if a path that it requests is configured for the first time or changed.

            Exits with 4 if the file is not a usable plugin, with 6 if you do not agree or there is no terminal, and \
            with 74 if the lock file cannot be read or written.

            EXAMPLES:
              toolhost trust ~/plugins/notes.so
              toolhost trust ~/plugins/notes.so --yes
              toolhost trust --list
              toolhost trust --remove notes
            """
    )

    @Argument(help: ArgumentHelp("The files of plugins; with --remove also their names.", valueName: "file")) var files:
        [String] = []
    @Flag(name: [.short, .long], help: "Agree without a question.") var yes = false
    @Flag(help: "List the trusted plugins.") var list = false
    @Flag(help: "Remove the trust in plugins.") var remove = false
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var settings: ConfigurationOption
    @Option(
        help: ArgumentHelp("The lock file. Default: plugins.lock.json beside the configuration.", valueName: "file")
    )
    var lock: String?

    func validate() throws {
        if list, !files.isEmpty || remove || yes {
            throw ValidationError("--list takes no files, and no other options than --json, --config and --lock.")
        }
        if remove, json || settings.config != nil {
            throw ValidationError("--remove takes no other option than --lock.")
        }
        if !list, files.isEmpty { throw ValidationError("Name the file of a plugin, or use --list.") }
    }

    func run() async throws {
        let lockFile = lock.map { TrustFile(path: $0) } ?? AccessOptions.lockFile
        if list { return try await showList(lockFile) }
        if remove {
            do throws(ToolHostError) {
                return try removeTrust(from: lockFile)
            } catch {
                throw CommandError(.inputOutput, error)
            }
        }
        guard let lockFile else {
            throw CommandError(.usage, "There is no home directory for the lock file. Name a lock file with --lock.")
        }
        for file in files { try await trust(file, lockFile) }
    }

    /// Shows the records of the lock files, or those of the named one.
    private func showList(_ lockFile: TrustFile?) async throws {
        var options = try HostOptions.parse([])
        options.settings = settings
        var configuration = try options.configuration()
        configuration.authorization.trust.lockFile = lockFile
        if lock != nil { configuration.authorization.trust.installedLockFile = nil }
        let plugins: [TrustedPlugin]
        do throws(ToolHostError) {
            plugins = try await ToolHost.trustedPlugins(configuration)
        } catch {
            throw CommandError(.inputOutput, error)
        }
        let list = TrustList(plugins)
        if json { Console.output.json(list.json) } else { list.show() }
    }

    private func removeTrust(from lockFile: TrustFile?) throws(ToolHostError) {
        for file in files {
            let real = realpath(file, nil).map { path in
                defer { free(path) }
                return String(cString: path)
            }
            var count = 0
            for name in Set([real ?? file, file]) { count += try lockFile?.remove(name) ?? 0 }
            if count > 0 {
                Console.error.line("\(file, limit: 300) is no longer trusted.")
            } else if lock == nil, let path = Installation.lockFile,
                let records = try? TrustFile(path: path).records(),
                records.contains(where: { $0.name == file || "\(Installation.plugins ?? "")/\($0.file)" == real })
            {
                Console.error.line(
                    "\(file, limit: 300) is trusted by the lock file of the installation. To remove that trust: toolhost trust "
                        + "--remove NAME --lock \(path.shellWord, limit: 400)"
                )
            } else {
                let names = try lockFile?.records().map(\.name) ?? []
                Console.error.line(
                    "\(file, limit: 300) was not trusted.\(NearNames.question(file, among: names), limit: 400)"
                )
            }
        }
    }

    private func trust(_ file: String, _ lockFile: TrustFile) async throws {
        var options = try HostOptions.parse(["--no-default-plugins"])
        options.settings = settings
        let name = TerminalLine(file, limit: 300)
        guard !Self.isDirectory(file) else {
            throw CommandError(
                .usage,
                "\(name) is a directory, but each plugin must be trusted by itself. Name the files in it that you trust."
            )
        }
        let host = try await options.host(also: [file], warns: false) { configuration in
            configuration.authorization = Authorization(offersUngrantedTools: true)
            configuration.authorization.trust.lockFile = lockFile
        }
        guard let plugin = host.plugins.first, let access = plugin.access, case .loaded = plugin.state else {
            if let plugin = host.plugins.first, case .broken(let error) = plugin.state {
                throw CommandError(.pluginFailed, "\(name): \(plugin.withRemedies(error.message), limit: 2000)")
            }
            throw CommandError(.pluginFailed, "\(name) is not a usable plugin.")
        }
        let values = try options.file().pluginValues[plugin.name ?? ""] ?? [:]
        let keys = plugin.configurationKeys.filter { values[$0] != nil }
        if json { Console.output.json(description(of: plugin, access, configured: keys)) }
        let question = TrustQuestion(plugin, access, configured: keys)
        if yes || !Prompter.isPossible {
            if !json { Console.error.lines(question.description) }
            guard yes else {
                throw CommandError(.denied, "There is no terminal to ask at. To agree without a question, use --yes.")
            }
        } else if await !question.isAnsweredYes() {
            throw CommandError(.denied, "\(name) is not trusted.")
        }
        do throws(ToolHostError) {
            try host.trustPlugin(at: plugin.file, isShipped: lock != nil)
        } catch {
            throw CommandError(.inputOutput, error)
        }
        Console.error.line("\(name) is now trusted.")
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The plugin and its requests as JSON.
    ///
    /// - Parameter keys: The configuration keys whose values it receives.
    private func description(of plugin: PluginReport, _ access: PluginAccess, configured keys: [String]) -> JSON {
        [
            "name": .string(plugin.name ?? ""), "version": .string(plugin.version ?? ""),
            "file": .string(plugin.file), "tools": .array(plugin.tools.map(JSON.string)),
            "permissions": access.requested.json, "unresolved": access.unresolved.json,
            "requests": .array(access.requestPhrases.map(JSON.string)), "configured": .array(keys.map(JSON.string)),
            "changed": .bool(access.wasTrusted), "changed_keys": .array(access.changedKeys.map(JSON.string)),
        ]
    }
}
