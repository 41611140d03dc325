import ArgumentParser
import Glibc
import OllamaClient
import ToolHost
import ToolJSON

/// The verb `doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what is found, what is broken, and what to do.",
        discussion: """
            Exits with 4 if a plugin cannot be used as it should, or if the configuration, the policy or a lock file \
            cannot be used: then it reports that, and goes on without the file. A missing Ollama is reported and is no \
            fault: tools can be used without one.

            EXAMPLES:
              toolhost doctor
              toolhost doctor --plugins ./build --json
            """
    )

    @OptionGroup var options: HostOptions
    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Try plugins again that are in quarantine, or that failed when they were last loaded.") var release =
        false

    func run() async throws {
        var faults: [SettingsFile: String] = [:]
        var configuration = try options.configuration { file, error in faults[file] = error.message }
        for (file, path) in [(SettingsFile.lock, \TrustConfiguration.file), (.installedLock, \.installed)] {
            do throws(ToolHostError) {
                _ = try configuration.trust[keyPath: path]?.records()
            } catch {
                faults[file] = error.message
                configuration.trust[keyPath: path] = configuration.trust[keyPath: path]?.ignoringRecords()
            }
        }
        if release {
            do throws(ToolHostError) {
                try configuration.releasePlugins()
            } catch {
                throw CommandError(.inputOutput, escaping: error.message)
            }
        }
        let host = ToolHost(configuration)
        do throws(ToolHostError) {
            try await host.loadPlugins()
        } catch {
            throw CommandError(.usage, escaping: error.message)
        }
        let plugins = host.plugins
        try options.checkAllowances(configuration, plugins)
        let server = await ServerCheck.run()
        if json {
            Console.output.json(report(configuration, plugins, server, faults))
        } else {
            show(configuration, plugins, server, faults)
        }
        if !faults.isEmpty || plugins.contains(where: \.needsAttention) { throw CommandError(.pluginFailed) }
    }

    // MARK: - For people

    private func show(
        _ configuration: HostConfiguration,
        _ plugins: [PluginReport],
        _ server: ServerCheck,
        _ faults: [SettingsFile: String]
    ) {
        let output = Console.output
        output.line("toolhost \(Toolhost.version)")
        output.line("")
        output.line(output.styled("Search path", .bold))
        for place in configuration.searchPath.places {
            let state: TerminalLine = access(place.path, R_OK) == 0 ? "" : "  (not there)"
            output.line("  \(place.path, limit: 400)" + state)
        }
        if configuration.searchPath.places.isEmpty { output.line("  empty: name a directory with --plugins DIR") }
        if let sentence = options.samplesSentence(configuration) { output.line("  \(sentence, limit: 2000)") }
        output.line("")
        output.line(output.styled("Plugins", .bold))
        for plugin in plugins { show(plugin, output) }
        if plugins.isEmpty { output.line("  none") }
        output.line("")
        output.line(output.styled("Sandbox", .bold))
        for sentence in sandboxSentences(configuration) { output.line("  \(sentence, limit: 400)") }
        output.line("")
        output.line(output.styled("Configuration", .bold))
        for file in SettingsFile.allCases { show(file, configuration, faults[file], output) }
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
        case .broken(let reason):
            output.line("  \(output.styled("BROKEN", .red))  \(file)")
            output.line("      \(reason, limit: 2000)")
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

    /// What holds plugins here.
    private func sandboxSentences(_ configuration: HostConfiguration) -> [String] {
        guard case .workers(let workers) = configuration.isolation else {
            return ["Plugins run in this process, and nothing confines them (--in-process)."]
        }
        guard workers.sandbox != .off else { return ["It is switched off: plugins may touch what you may."] }
        let report = SandboxReport.probing()
        let landlock = report.landlockABI.map { "Landlock \($0)" } ?? "no Landlock"
        let title = report.isComplete ? "The kernel confines plugins" : "The kernel confines plugins in part"
        return ["\(title) (\(landlock))."] + report.missing
    }

    private func show(
        _ file: SettingsFile,
        _ configuration: HostConfiguration,
        _ fault: String?,
        _ output: Console
    ) {
        guard let path = path(of: file, configuration) else {
            if file == .configuration { output.line("  no home directory, so there is none") }
            return
        }
        if let fault {
            output.line("  \(output.styled("BROKEN", .red))  \(file.title)  \(path, limit: 400)")
            output.line("      \(fault, limit: 2000)")
        } else if ConfigurationFile.exists(path) {
            output.line("  \(file.title)  \(path, limit: 400)")
        } else if file != .installedLock {
            output.line("  \(file.title)  \(path, limit: 400)  (not there, which is fine)")
        }
    }

    private func path(of file: SettingsFile, _ configuration: HostConfiguration) -> String? {
        switch file {
        case .configuration: options.configurationPath
        case .policy: AccessOptions.policyPath
        case .lock: configuration.trust.file?.path
        case .installedLock: configuration.trust.installed?.path
        }
    }

    // MARK: - For programs

    private func report(
        _ configuration: HostConfiguration,
        _ plugins: [PluginReport],
        _ server: ServerCheck,
        _ faults: [SettingsFile: String]
    ) -> JSON {
        var report: JSONObject = [
            "version": .string(Toolhost.version),
            "search_path": .array(
                configuration.searchPath.places.map { place in
                    ["path": .string(place.path), "exists": .bool(access(place.path, R_OK) == 0)]
                }
            ),
            "samples_off": .bool(options.samplesSentence(configuration) != nil),
            "plugins": .array(plugins.map(\.json)),
            "ollama": [
                "url": .string(server.url), "reachable": .bool(server.version != nil),
                "version": server.version.map(JSON.string) ?? .null, "models": server.models.map { .int($0) } ?? .null,
                "message": .string(server.sentence),
            ],
        ]
        for file in SettingsFile.allCases {
            let path = path(of: file, configuration)
            report[file.rawValue] = [
                "path": path.map(JSON.string) ?? .null, "exists": .bool(path.map(ConfigurationFile.exists) ?? false),
                "problem": faults[file].map(JSON.string) ?? .null,
            ]
        }
        return .object(report)
    }
}

extension PluginReport {
    /// Everything about a file, for programs.
    var json: JSON {
        var members: JSONObject = ["file": .string(file)]
        members["name"] = name.map(JSON.string)
        members["version"] = version.map(JSON.string)
        switch state {
        case .loaded:
            members["state"] = "loaded"
        case .shadowed(let winner):
            members["state"] = "shadowed"
            members["by"] = .string(winner)
        case .ungranted(let lacking):
            members["state"] = "ungranted"
            members["lacking"] = lacking.json
        case .contested(let reason):
            members["state"] = "contested"
            members["reason"] = .string(reason)
        case .broken(let reason):
            members["state"] = "broken"
            members["reason"] = .string(reason)
        }
        members["tools"] = .array(tools.map(JSON.string))
        members["unoffered_tools"] = .array(unofferedTools.keys.sorted().map(JSON.string))
        members["problems"] = .array(problems.map(JSON.string))
        members["notes"] = .array(notes.map { .string($0.sentence) })
        members["remedies"] = .array(remedySentences.map(JSON.string))
        if let access {
            members["asks"] = access.asked.json
            members["granted"] = access.granted.json
            members["trusted"] = .bool(access.isTrusted)
            members["changed"] = .bool(access.wasTrusted)
            members["unresolved"] = access.unresolved.json
            members["changed_keys"] = .array(access.changedKeys.map(JSON.string))
            members["withheld"] = .array(access.withheld.map(JSON.string))
        }
        members["sandbox"] = sandbox?.json ?? .null
        members["config"] = .array(configurationKeys.map(JSON.string))
        return .object(members)
    }
}

/// Whether an Ollama answers.
private struct ServerCheck {
    let url: String
    var version: String?
    var models: Int?
    var sentence: String

    static func run() async -> ServerCheck {
        var timeouts = OllamaClient.Timeouts()
        // Nothing that is asked here makes a server load a model.
        timeouts.firstByte = .seconds(5)
        let client = OllamaClient(environment: ProcessEnvironment.all, timeouts: timeouts)
        Console.error.warn(about: client.endpoint)
        var check = ServerCheck(url: client.endpoint.url, sentence: "")
        do {
            let version = try await client.version()
            let models = try await client.models().count
            check.version = version
            check.models = models
            check.sentence = "version \(version) at \(client.endpoint.url), \(models) models (toolhost models)"
        } catch let error as OllamaError {
            check.sentence = error.message
        } catch {
            check.sentence = "The server at \(client.endpoint.url) could not be asked: \(error)"
        }
        return check
    }
}
