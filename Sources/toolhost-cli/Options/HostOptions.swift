import ArgumentParser
import Glibc
import Terminal
import ToolAgent
import ToolHost
import ToolJSON

/// The options of all verbs that use tools.
struct HostOptions: ParsableArguments {
    @Option(
        name: .customLong("plugins"),
        help: ArgumentHelp(
            """
            A directory with plugins, or one .so, .py or .tool.json file; repeatable. A named file takes precedence over all \
            other plugins, a named directory over all but trusted ones.
            """,
            valueName: "dir"
        )
    )
    var plugins: [String] = []

    @Flag(name: .customLong("no-default-plugins"), help: "Ignore your own and the installed plugins.")
    var leavesOutDefaults = false

    @OptionGroup var settings: ConfigurationOption

    @Flag(
        name: .customLong("in-process"),
        help: """
            Run plugins in this process without protection, to debug or measure them. Their output goes unchanged to \
            standard error.
            """
    )
    var inProcess = false

    @Flag(
        name: [.customShort("v"), .customLong("verbose")],
        help: "Show the output and log messages of plugins; call also shows its duration and coercions."
    )
    var isVerbose = false

    @OptionGroup(title: "Permissions of plugins") var access: AccessOptions

    /// Reads the configuration file; the result is empty if the default file is absent.
    func file() throws(CommandError) -> ConfigurationFile {
        do {
            return try settings.read()
        } catch {
            throw CommandError(.usage, error)
        }
    }

    /// Returns the configuration of the host.
    ///
    /// - Parameters:
    ///   - files: Plugins to load before those of `--plugins`.
    ///   - handle: Called for a settings file that cannot be used.
    func configuration(
        also files: [String] = [],
        fault handle: SettingsFile.FaultHandler = SettingsFile.refuse
    ) throws -> HostConfiguration {
        var file = ConfigurationFile()
        do throws(ToolHostError) {
            file = try settings.read()
        } catch {
            try handle(.configuration, error)
        }
        var configuration = HostConfiguration(
            searchPath: PluginSearchPath(
                explicit: files + plugins,
                environment: ProcessEnvironment.all,
                installed: file.includesSamples ? Installation.plugins : nil,
                includesDefaults: !leavesOutDefaults
            )
        )
        do throws(ToolHostError) {
            var limits = configuration.limits
            try limits.apply(file.limits)
            let known = ToolLimits.keys + AgentConfiguration.limitKeys
            if let unknown = file.limits.keys.first(where: { !known.contains($0) }) {
                throw ToolHostError(
                    .invalidConfiguration,
                    message: "The limit \"\(unknown)\" is unknown; known are \(known.sorted().joined(separator: ", "))."
                        + NearNames.question(unknown, among: known)
                )
            }
            configuration.limits = limits
            _ = try ChatSettings(file.chatDefaults)
        } catch {
            try handle(.configuration, error)
        }
        for warning in file.warnings { Console.error.note("In the configuration, " + warning) }
        try access.apply(to: &configuration, inProcess: inProcess, fault: handle)
        configuration.cacheDirectory = UserPaths.directory(.cache)
        configuration.stateDirectory = UserPaths.directory(.state)
        configuration.pluginValues = file.pluginValues
        configuration.python = file.python
        configuration.python?.apply(ProcessEnvironment.all)
        PluginOutput.show(in: &configuration, all: isVerbose)
        return configuration
    }

    /// Creates a host and loads everything on the search path.
    ///
    /// - Parameters:
    ///   - files: Plugins to load before those of `--plugins`.
    ///   - warns: True to report files that cannot be used on standard error.
    ///   - notes: The notes that are printed beside these warnings.
    ///   - timeout: The timeout in seconds of calls of tools that set none; nil for the configured one.
    ///   - adjust: Changes the configuration last.
    func host(
        also files: [String] = [],
        warns: Bool = true,
        notes: Notes = .all,
        timeout: Double? = nil,
        adjust: (inout HostConfiguration) -> Void = { _ in }
    ) async throws -> ToolHost {
        try checkPlaces()
        var configuration = try configuration(also: files)
        if let timeout { configuration.limits.timeout = .seconds(timeout) }
        adjust(&configuration)
        let host = ToolHost(configuration)
        do throws(ToolHostError) {
            try await host.loadPlugins()
        } catch {
            throw CommandError(.usage, error)
        }
        let plugins = host.plugins
        if warns {
            warn(plugins, notes)
            Self.noteUnreadValues(configuration, plugins)
        }
        try checkAllowances(configuration, plugins)
        return host
    }

    /// The notes about plugins that a command prints.
    enum Notes {
        /// All notes, with their remedies.
        case all
        /// The notes about one tool.
        case ofTool(String)
        /// No notes, or with `-v` all of them.
        case verbose
    }

    private func warn(_ plugins: [PluginReport], _ notes: Notes) {
        for plugin in plugins {
            for note in plugin.notes {
                let text: String
                switch notes {
                case .all: text = plugin.withRemedies(note.sentence)
                case .verbose where isVerbose: text = plugin.withRemedies(note.sentence)
                case .ofTool(let name) where note.tools.contains(name): text = note.sentence
                case .ofTool, .verbose: continue
                }
                Console.error.line("note: \(plugin.file, limit: 300): \(text, limit: 1000)", as: .event)
            }
            let sentences: [String] =
                switch plugin.state {
                case .broken(let error): [error.message]
                case .contested(let reason): [reason]
                case .ungranted(let lacking): [plugin.ungrantedSentence(lacking)]
                case .loaded, .shadowed: plugin.problems
                }
            guard let first = sentences.first else { continue }
            let label = Console.error.styled("warning:", .yellow)
            let remedies = plugin.withRemedies("")
            Console.error.line(
                "\(label) \(plugin.file, limit: 300): \(first, limit: 600)\(remedies, limit: 1000) (see toolhost doctor)"
            )
        }
    }
}
