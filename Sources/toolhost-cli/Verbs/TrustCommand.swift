import ArgumentParser
import Glibc
import ToolHost
import ToolJSON

/// The verb `trust`.
struct TrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Grant a plugin what it asks to touch, as it is now.",
        discussion: """
            Shows what the plugin asks for, and records the content of its file, its tools and the grants in \
            plugins.lock.json beside the configuration. When the file or its tools change, it has to be trusted again; \
            so it does when a path that it asks for is configured for the first time, or differently.

            EXAMPLES:
              toolhost trust ~/plugins/notes.so
              toolhost trust ~/plugins/notes.so --yes
              toolhost trust --list
              toolhost trust --remove notes
            """
    )

    @Argument(help: ArgumentHelp("The plugins' files, or with --remove their names.", valueName: "file")) var files:
        [String] = []
    @Flag(name: [.short, .long], help: "Do not ask.") var yes = false
    @Flag(help: "List what is trusted.") var list = false
    @Flag(help: "Take trust away.") var remove = false
    @Flag(help: "Print JSON.") var json = false
    @Option(help: ArgumentHelp("The configuration file.", valueName: "file")) var config: String?
    @Option(help: ArgumentHelp("Another lock file, such as one that is shipped with plugins.", valueName: "file"))
    var lock: String?

    func validate() throws {
        if list, !files.isEmpty || remove || yes {
            throw ValidationError("--list takes no files, and no other options than --json, --config and --lock.")
        }
        if remove, json || config != nil { throw ValidationError("--remove takes no other option than --lock.") }
        if !list, files.isEmpty { throw ValidationError("Name the plugin's file, or --list what is trusted.") }
    }

    func run() async throws {
        let lockFile = lock.map { TrustFile(path: $0) } ?? AccessOptions.lockFile
        if list { return try await showList(lockFile) }
        if remove {
            do throws(ToolHostError) {
                return try take(from: lockFile)
            } catch {
                throw CommandError(.inputOutput, escaping: error.message)
            }
        }
        guard let lockFile else {
            throw CommandError(.usage, "There is no home directory for the lock file; name one with --lock.")
        }
        for file in files { try await trust(file, lockFile) }
    }

    /// Shows the records of the lock files: those of one alone if it was named.
    private func showList(_ lockFile: TrustFile?) async throws {
        var options = try HostOptions.parse([])
        options.config = config
        var configuration = try options.configuration()
        configuration.trust.file = lockFile
        if lock != nil { configuration.trust.installed = nil }
        let plugins: [TrustedPlugin]
        do throws(ToolHostError) {
            plugins = try await ToolHost.trustedPlugins(configuration)
        } catch {
            throw CommandError(.inputOutput, escaping: error.message)
        }
        let list = TrustList(plugins)
        if json { Console.output.json(list.json) } else { list.show() }
    }

    private func take(from lockFile: TrustFile?) throws(ToolHostError) {
        for file in files {
            let real = realpath(file, nil).map { path in
                defer { free(path) }
                return String(cString: path)
            }
            var count = 0
            for name in Set([real ?? file, file]) { count += try lockFile?.remove(name) ?? 0 }
            if count > 0 {
                Console.error.line("\(file, limit: 300) is not trusted any more.")
            } else if lock == nil, let path = Installation.lockFile,
                let records = try? TrustFile(path: path).records(),
                records.contains(where: { $0.name == file || "\(Installation.plugins ?? "")/\($0.file)" == real })
            {
                Console.error.line(
                    "\(file, limit: 300) is trusted by the lock file of the installation. To take that away: toolhost trust "
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
        options.config = config
        let name = TerminalLine(file, limit: 300)
        guard !Self.isDirectory(file) else {
            throw CommandError(
                .usage,
                "\(name) is a directory, and each plugin is trusted by itself. Name the files in it that you trust."
            )
        }
        let host = try await options.host(also: [file], warns: false) { configuration in
            configuration.trust = TrustConfiguration()
            configuration.trust.file = lockFile
            // Somebody is asked, right here.
            configuration.asker = { questions in questions.map { _ in .no } }
        }
        guard let plugin = host.plugins.first, let access = plugin.access, case .loaded = plugin.state else {
            if let plugin = host.plugins.first, case .broken(let reason) = plugin.state {
                throw CommandError(.pluginFailed, "\(name): \(plugin.withRemedies(reason), limit: 2000)")
            }
            throw CommandError(.pluginFailed, "\(name) is no plugin that can be used.")
        }
        let values = try options.file().pluginValues[plugin.name ?? ""] ?? [:]
        let keys = plugin.configurationKeys.filter { values[$0] != nil }
        if json { Console.output.json(description(of: plugin, access, configured: keys)) }
        let question = TrustQuestion(plugin, access, configured: keys)
        if yes || !Prompter.isPossible {
            if !json { Console.error.lines(question.description) }
            guard yes else {
                throw CommandError(.denied, "There is no terminal to ask at; say --yes if you agree.")
            }
        } else if await !question.isAnsweredYes() {
            throw CommandError(.denied, "\(name) is not trusted.")
        }
        do throws(ToolHostError) {
            try host.trustPlugin(at: plugin.file, isShipped: lock != nil)
        } catch {
            throw CommandError(.inputOutput, escaping: error.message)
        }
        Console.error.line("\(name) is trusted as it is now.")
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The plugin and its requests for programs.
    ///
    /// - Parameter keys: The configuration keys whose values it is given.
    private func description(of plugin: PluginReport, _ access: PluginAccess, configured keys: [String]) -> JSON {
        [
            "name": .string(plugin.name ?? ""), "version": .string(plugin.version ?? ""),
            "file": .string(plugin.file), "tools": .array(plugin.tools.map(JSON.string)),
            "permissions": access.asked.json, "unresolved": access.unresolved.json,
            "requests": .array(access.requests.map(JSON.string)), "configured": .array(keys.map(JSON.string)),
            "changed": .bool(access.wasTrusted), "changed_keys": .array(access.changedKeys.map(JSON.string)),
        ]
    }
}
