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
            Shows what the plugin asks for, and takes down the content of its file, its tools and the grants in \
            plugins.lock.json beside the configuration. When the file or its tools change, it has to be trusted again.

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
        if list, !files.isEmpty || remove || yes { throw ValidationError("--list stands alone, or with --json.") }
        if !list, files.isEmpty { throw ValidationError("Name the plugin's file, or --list what is trusted.") }
    }

    func run() async throws {
        guard let lockFile = lock.map({ TrustFile(path: $0) }) ?? AccessOptions.lockFile else {
            throw CommandFailure(.usage, "There is no home folder to keep the lock file in; name one with --lock.")
        }
        do throws(ConfigurationError) {
            if list { return show(try lockFile.records()) }
            if remove { return try take(from: lockFile) }
        } catch {
            throw CommandFailure(.inputOutput, TerminalText(error.message).text)
        }
        for file in files { try await trust(file, lockFile) }
    }

    private func show(_ records: [TrustFile.Record]) {
        let records = records.sorted { ($0.name, $0.file) < ($1.name, $1.file) }
        if json {
            let values = records.map { record -> JSON in
                [
                    "name": .string(record.name), "file": .string(record.file), "hash": .string(record.hash),
                    "permissions": record.permissions.json, "date": .int(record.date),
                ]
            }
            return Console.output.json(.array(values))
        }
        for record in records {
            Console.output.line(TerminalText.line("\(record.name)  (\(record.file))", limit: 400))
            for phrase in record.permissions.phrases {
                Console.output.line("  may " + TerminalText.line(phrase, limit: 400))
            }
        }
        if records.isEmpty { Console.error.line("Nothing is trusted.") }
    }

    private func take(from lockFile: TrustFile) throws(ConfigurationError) {
        for file in files {
            let real = realpath(file, nil).map { path in
                defer { free(path) }
                return String(cString: path)
            }
            let count = try lockFile.remove(real ?? file) + (real == nil ? 0 : try lockFile.remove(file))
            let name = TerminalText.line(file, limit: 300)
            Console.error.line(count == 0 ? "\(name) was not trusted." : "\(name) is not trusted any more.")
        }
    }

    private func trust(_ file: String, _ lockFile: TrustFile) async throws {
        var options = try HostOptions.parse(["--no-default-plugins", "--plugins", file])
        options.config = config
        let name = TerminalText.line(file, limit: 300)
        guard !Self.isFolder(file) else {
            throw CommandFailure(
                .usage,
                "\(name) is a folder, and each plugin is trusted by itself. Name the files in it that you trust."
            )
        }
        let host = try await options.host(warns: false) { configuration in
            configuration.trust = TrustConfiguration()
            configuration.trust.file = lockFile
            // Somebody is asked, right here.
            configuration.asker = { questions in questions.map { _ in .no } }
        }
        guard let plugin = host.plugins.first, let access = plugin.access, case .loaded = plugin.state else {
            if case .broken(let reason)? = host.plugins.first?.state {
                throw CommandFailure(.pluginFailed, "\(name): \(TerminalText.line(reason, limit: 2000))")
            }
            throw CommandFailure(.pluginFailed, "\(name) is no plugin that can be used.")
        }
        let values = try options.file().pluginValues[plugin.name ?? ""] ?? [:]
        describe(plugin, access, configured: plugin.configurationKeys.filter { values[$0] != nil })
        if !yes {
            guard Prompter.isPossible else {
                throw CommandFailure(.denied, "There is no terminal to ask at; say --yes if you agree.")
            }
            guard await Prompter.answer("Trust it? [y]es / [n]o: ") == .yes else {
                throw CommandFailure(.denied, "\(name) is not trusted.")
            }
        }
        do throws(ConfigurationError) {
            try host.trustPlugin(at: plugin.file, isShipped: lock != nil)
        } catch {
            throw CommandFailure(.inputOutput, TerminalText(error.message).text)
        }
        Console.error.line("\(name) is trusted as it is now.")
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Shows what is trusted with it.
    ///
    /// - Parameter keys: The configuration keys whose values it is given.
    private func describe(_ plugin: PluginReport, _ access: PluginAccess, configured keys: [String]) {
        if json {
            let description: JSON = [
                "name": .string(plugin.name ?? ""), "version": .string(plugin.version ?? ""),
                "file": .string(plugin.file), "tools": .array(plugin.tools.map(JSON.string)),
                "permissions": access.asked.json, "configured": .array(keys.map(JSON.string)),
                "changed": .bool(access.wasTrusted),
            ]
            return Console.output.json(description)
        }
        let title = TerminalText.line("\(plugin.name ?? "?") \(plugin.version ?? "")", limit: 140)
        Console.error.line(Console.error.styled(title, .bold) + "  " + TerminalText.line(plugin.file, limit: 300))
        Console.error.line("  tools: " + TerminalText.line(plugin.tools.joined(separator: ", "), limit: 1000))
        for phrase in access.asked.phrases { Console.error.line("  asks to " + TerminalText.line(phrase, limit: 400)) }
        if access.asked.isEmpty { Console.error.line("  asks for nothing") }
        if !keys.isEmpty {
            let names = TerminalText.line(keys.joined(separator: ", "), limit: 500)
            Console.error.line("  is given what is configured for it: " + names)
        }
        for sentence in access.leftOut {
            Console.error.line("  is not granted: " + TerminalText.line(sentence, limit: 600))
        }
        if access.asked.canLeak {
            Console.error.line(
                Console.error.styled("  beware:", .yellow) + " it could send what it reads to other computers"
            )
        }
        if access.wasTrusted { Console.error.line("  It has changed since you trusted it.") }
    }
}
