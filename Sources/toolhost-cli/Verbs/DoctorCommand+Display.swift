import Glibc
import OllamaClient
import Terminal
import ToolAgent
import ToolHost
import ToolJSON

extension DoctorCommand {
    /// Shows the report to people.
    func show(
        _ configuration: HostConfiguration,
        _ host: ToolHost,
        _ server: ServerCheck,
        _ problems: [SettingsFile: String]
    ) {
        let output = Console.output
        output.line("toolhost \(Installation.version)")
        output.line("")
        output.line(output.styled("Search path", .bold))
        for place in configuration.searchPath.places {
            let state: TerminalLine = access(place.path, R_OK) == 0 ? "" : "  (does not exist)"
            output.line("  \(place.path, limit: 400)" + state)
        }
        if configuration.searchPath.places.isEmpty { output.line("  empty: name a directory with --plugins DIR") }
        if let sentence = options.samplesSentence(configuration) { output.line("  \(sentence, limit: 2000)") }
        output.line("")
        output.line(output.styled("Plugins", .bold))
        for plugin in host.plugins { show(plugin, output) }
        if host.plugins.isEmpty { output.line("  none") }
        if !host.tools.isEmpty {
            let tokens = host.approximateToolTokens.grouped
            output.line("  \(host.tools.count.counted("tool")) in all: about \(tokens) tokens of each request")
        }
        output.line("")
        output.line(output.styled("Sandbox", .bold))
        for sentence in sandboxSentences(configuration) { output.line("  \(sentence, limit: 2000)") }
        output.line("")
        output.line(output.styled("Configuration", .bold))
        for file in SettingsFile.allCases { show(file, configuration, problems[file], output) }
        output.line("")
        output.line(output.styled("Ollama", .bold))
        output.line("  \(server.sentence)")
    }

    private func show(_ plugin: PluginReport, _ output: Console) {
        let file = TerminalLine(plugin.file, limit: 400)
        let title = plugin.name.map { TerminalLine("\($0) \(plugin.version ?? "")", limit: 140) }
        switch plugin.state {
        case .loaded:
            let mark = plugin.problems.isEmpty ? output.styled("ok", .green) : output.styled("PARTLY", .yellow)
            output.line("  \(mark)  \(title ?? "?") (\(file)): \(plugin.tools.joined(separator: ", "))")
        case .shadowed(let winner):
            output.line("  shadowed  \(title ?? "?") (\(file)) by \(winner, limit: 400)")
        case .ungranted(let lacking):
            output.line("  \(output.styled("NOT OFFERED", .yellow))  \(title ?? "?") (\(file))")
            output.line("      \(plugin.ungrantedSentence(lacking), limit: 2000)")
        case .contested(let reason):
            output.line("  \(output.styled("NOT OFFERED", .red))  \(title ?? "?") (\(file))")
            output.line("      \(reason, limit: 2000)")
        case .broken(let error):
            output.line("  \(output.styled("BROKEN", .red))  \(file)")
            output.line("      \(error.message, limit: 2000)")
        }
        for sentence in plugin.problems + plugin.notes.map(\.sentence) + plugin.remedySentences {
            output.line("      \(sentence, limit: 2000)")
        }
        for phrase in plugin.access?.unresolved.phrases ?? [] {
            output.line("      asks to \(phrase, limit: 400)")
        }
        if let access = plugin.access, !access.granted.isEmpty {
            output.line("      may \(access.granted.phrases.joined(separator: ", "), limit: 2000)")
            if access.granted.canLeak {
                output.line("      \(output.styled("beware:", .yellow)) it could send what it reads to other computers")
            }
        }
        if !plugin.configurationKeys.isEmpty {
            let keys = plugin.configurationKeys.joined(separator: ", ")
            output.line("      reads from the configuration: \(keys, limit: 400)")
        }
    }

    /// The sentences about the confinement of plugins on this system.
    private func sandboxSentences(_ configuration: HostConfiguration) -> [String] {
        guard case .workers(let workers) = configuration.isolation else {
            return ["Plugins run in this process, and nothing confines them (--in-process)."]
        }
        let problem = Self.workerProblem(configuration).map { [$0] } ?? []
        guard workers.sandbox != .off else {
            return problem + ["The sandbox is off: plugins have all of your permissions."]
        }
        let report = SandboxReport.probing()
        let landlock = report.landlockABI.map { "Landlock \($0)" } ?? "no Landlock"
        let title = report.isComplete ? "The kernel confines plugins" : "The kernel confines plugins in part"
        return problem + ["\(title) (\(landlock))."] + report.missing
    }

    /// The reason why plugins cannot run in worker processes, with the remedy; nil if they can, or need none.
    static func workerProblem(_ configuration: HostConfiguration) -> String? {
        guard case .workers(let workers) = configuration.isolation else { return nil }
        do throws(WorkerError) {
            _ = try workers.checkedProgram()
            return nil
        } catch {
            return error.message.with(error.remedy)
        }
    }

    private func show(
        _ file: SettingsFile,
        _ configuration: HostConfiguration,
        _ problem: String?,
        _ output: Console
    ) {
        guard let path = path(of: file, configuration) else {
            if file == .configuration { output.line("  no home directory, so no configuration") }
            return
        }
        if let problem {
            output.line("  \(output.styled("BROKEN", .red))  \(file.title)  \(path, limit: 400)")
            output.line("      \(problem, limit: 2000)")
        } else if ConfigurationFile.exists(path) {
            output.line("  \(file.title)  \(path, limit: 400)")
        } else if file != .installedLock {
            output.line("  \(file.title)  \(path, limit: 400)  (does not exist, which is fine)")
        }
    }

    /// The path of a settings file; nil without a home directory.
    func path(of file: SettingsFile, _ configuration: HostConfiguration) -> String? {
        switch file {
        case .configuration: options.settings.path
        case .policy: UserPaths.policy
        case .lock: configuration.authorization.trust.lockFile?.path
        case .installedLock: configuration.authorization.trust.installedLockFile?.path
        }
    }
}
