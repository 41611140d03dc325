import ArgumentParser
import Glibc
import ToolAgent
import OllamaClient
import ToolHost
import ToolJSON

/// The options of all verbs that need tools.
struct HostOptions: ParsableArguments {
    @Option(
        name: .customLong("plugins"),
        help: ArgumentHelp(
            "A directory with plugins, or one .so or .tool.json file. Wins over the other places; a directory not over trusted plugins.",
            valueName: "dir"
        )
    )
    var plugins: [String] = []

    @Flag(name: .customLong("no-default-plugins"), help: "Ignore your own and the installed plugins.")
    var leavesOutDefaults = false

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Flag(
        name: .customLong("in-process"),
        help: """
            Run plugins in this process, without protection: to debug them, and to measure. What they print goes to \
            standard error as it is.
            """
    )
    var inProcess = false

    @Flag(
        name: [.customShort("v"), .customLong("verbose")],
        help: "Show what plugins print and log; call also shows the time that the call took and what was coerced."
    )
    var isVerbose = false

    @OptionGroup(title: "Permissions of plugins") var access: AccessOptions

    /// The path of the configuration file; nil without a home directory.
    var configurationPath: String? { config ?? ConfigurationFile.defaultPath(in: ProcessEnvironment.all) }

    /// The configuration file, read; an empty one if the default file is absent.
    func file() throws(CommandError) -> ConfigurationFile {
        do {
            return try readFile()
        } catch {
            throw CommandError(.usage, escaping: error.message)
        }
    }

    private func readFile() throws(ToolHostError) -> ConfigurationFile {
        guard let path = configurationPath else { return ConfigurationFile() }
        if config != nil { return try ConfigurationFile.read(path: path) }
        return try ConfigurationFile.readIfPresent(path: path) ?? ConfigurationFile()
    }

    /// The configuration of the host.
    ///
    /// - Parameter handle: Called for a settings file that cannot be used.
    func configuration(
        also files: [String] = [],
        fault handle: SettingsFile.FaultHandler = SettingsFile.refuse
    ) throws -> HostConfiguration {
        var file = ConfigurationFile()
        do throws(ToolHostError) {
            file = try readFile()
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
                    message: "The limit \"\(unknown)\" is unknown; known are \(known.sorted().joined(separator: ", "))."
                        + NearNames.question(unknown, among: known)
                )
            }
            configuration.limits = limits
        } catch {
            try handle(.configuration, error)
        }
        for warning in file.warnings { Console.error.note("In the configuration, " + warning) }
        try access.apply(to: &configuration, inProcess: inProcess, fault: handle)
        configuration.cacheDirectory = Self.directory(.cache)
        configuration.stateDirectory = Self.directory(.state)
        configuration.pluginValues = file.pluginValues
        PluginOutput.show(in: &configuration, all: isVerbose)
        return configuration
    }

    /// The directory of toolhost in a base directory of the user; nil without a home directory.
    static func directory(_ base: BaseDirectory) -> String? {
        base.path(in: ProcessEnvironment.all).map { $0 + "/toolhost" }
    }

    /// A host with everything on the search path loaded.
    ///
    /// - Parameters:
    ///   - files: Plugins to load before those of `--plugins`.
    ///   - warns: True if files that cannot be used are named on standard error.
    ///   - notes: The notes that are printed beside these warnings.
    ///   - timeout: The deadline in seconds of calls of tools that set none; nil for the one of the configuration.
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
            throw CommandError(.usage, escaping: error.message)
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
                case .broken(let reason), .contested(let reason): [reason]
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

extension PluginReport {
    /// The sentences about the permissions that the user has not granted, and how to grant them.
    func ungrantedSentence(_ lacking: PluginPermissions) -> String {
        let keys = (access?.changedKeys ?? []).map { "\"\($0)\"" }.joined(separator: ", ")
        let change =
            if access?.wasTrusted == true {
                "It has changed since it was trusted, and"
            } else if !keys.isEmpty {
                "What is configured for it as \(keys) has changed since it was trusted, and it"
            } else {
                "It"
            }
        return "\(change) asks to \(lacking.phrases.joined(separator: ", to ")), so it is not offered. "
            + "Grant it for good: toolhost trust \(file.shellWord) — or for one run: "
            + lacking.options.map { "--allow " + ((name.map { $0 + ":" } ?? "") + $0).shellWord }.joined(separator: " ")
    }
}

/// The files of this installation, found from the running program.
enum Installation {
    /// The directory of this program, with symbolic links resolved.
    private static let directory: String? = {
        guard let path = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(path) }
        let text = String(cString: path)
        return text.lastIndex(of: "/").map { String(text[..<$0]) }
    }()

    /// The plugins that were installed with it.
    static let plugins = directory.map { $0 + "/../lib/toolhost/plugins" }.flatMap { path -> String? in
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// The lock file of the plugins that were installed with it.
    static let lockFile = directory.map { $0 + "/../share/toolhost/plugins.lock.json" }

    /// The program of worker processes.
    ///
    /// If it is missing, this is the path at which it should be.
    static let worker = helper("toolhost-worker") ?? "\(directory ?? ".")/../libexec/toolhost/toolhost-worker"

    /// The path of a program of the installation, or of a build directory; nil if it is missing.
    static func helper(_ name: String) -> String? {
        guard let directory else { return nil }
        return ["\(directory)/../libexec/toolhost/\(name)", "\(directory)/\(name)"].first { access($0, X_OK) == 0 }
    }
}
