import ArgumentParser
import Glibc
import ToolAgent
import OllamaClient
import ToolHost
import ToolJSON

/// What all verbs that need tools have in common.
struct HostOptions: ParsableArguments {
    @Option(
        name: .customLong("plugins"),
        help: ArgumentHelp(
            "A folder with plugins, or one .so or .tool.json file. Wins over the other places; a folder not over what is trusted.",
            valueName: "dir"
        )
    )
    var plugins: [String] = []

    @Flag(name: .customLong("no-default-plugins"), help: "Leave out your own and the installed plugins.")
    var leavesOutDefaults = false

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("Deadline of one call, for tools that set none.", valueName: "seconds"))
    var timeout: Double?

    @Flag(
        name: .customLong("in-process"),
        help: "Run plugins in this process, without protection: to debug them, and to measure."
    )
    var inProcess = false

    @OptionGroup(title: "What plugins may touch") var access: AccessOptions

    func validate() throws {
        if let timeout, !(timeout > 0 && timeout <= 1_000_000) {
            throw ValidationError("--timeout must be a number of seconds above 0.")
        }
    }

    /// The configuration file that counts, read.
    func file() throws -> ConfigurationFile {
        do {
            if let config { return try ConfigurationFile.read(path: config) }
            guard let path = ConfigurationFile.defaultPath(in: ProcessEnvironment.all), ConfigurationFile.exists(path)
            else {
                return ConfigurationFile()
            }
            return try ConfigurationFile.read(path: path)
        } catch {
            throw CommandFailure(.usage, TerminalText(error.message).text)
        }
    }

    /// The configuration of the host.
    func configuration(also files: [String] = []) throws -> HostConfiguration {
        let file = try file()
        var configuration = HostConfiguration(
            searchPath: PluginSearchPath(
                explicit: files + plugins,
                environment: ProcessEnvironment.all,
                installed: Installation.plugins,
                includesDefaults: !leavesOutDefaults
            )
        )
        do throws(ConfigurationError) {
            try configuration.limits.apply(file.limits)
            let known = ToolLimits.keys + AgentConfiguration.limitKeys
            if let unknown = file.limits.keys.first(where: { !known.contains($0) }) {
                throw ConfigurationError(
                    message: "The limit \"\(unknown)\" is unknown; known are \(known.sorted().joined(separator: ", "))."
                )
            }
        } catch {
            throw CommandFailure(.usage, TerminalText(error.message).text)
        }
        for warning in file.warnings { Console.error.note("In the configuration, " + warning) }
        if let timeout { configuration.limits.timeout = .seconds(timeout) }
        try access.apply(to: &configuration, inProcess: inProcess)
        configuration.cacheFolder = Self.folder(.cache)
        configuration.stateFolder = Self.folder(.state)
        configuration.pluginValues = file.pluginValues
        configuration.log = { file, level, message in
            guard level >= 2 else { return }
            let name = file.split(separator: "/").last.map(String.init) ?? file
            Console.error.line(TerminalText.line("\(name): \(message)", limit: 500))
        }
        return configuration
    }

    /// The folder of toolhost among the user's own of that kind.
    static func folder(_ directory: BaseDirectory) -> String? {
        directory.path(in: ProcessEnvironment.all).map { $0 + "/toolhost" }
    }

    /// A host with everything on the search path loaded.
    ///
    /// - Parameter warns: Whether files that cannot be used are named on standard error.
    func host(
        also files: [String] = [],
        warns: Bool = true,
        adjust: (inout HostConfiguration) -> Void = { _ in }
    ) async throws -> ToolHost {
        var configuration = try configuration(also: files)
        adjust(&configuration)
        let host = ToolHost(configuration)
        do throws(ConfigurationError) {
            try await host.loadPlugins()
        } catch {
            throw CommandFailure(.usage, TerminalText(error.message).text)
        }
        if warns { Self.warn(host.plugins) }
        return host
    }

    private static func warn(_ plugins: [PluginReport]) {
        for plugin in plugins {
            let sentences: [String] =
                switch plugin.state {
                case .broken(let reason): [reason]
                case .ungranted(let lacking): [plugin.ungrantedSentence(lacking)]
                case .loaded, .shadowed: plugin.problems
                }
            guard let first = sentences.first else { continue }
            let file = TerminalText.line(plugin.file, limit: 300)
            let label = Console.error.styled("warning:", .yellow)
            Console.error.line("\(label) \(file): \(TerminalText.line(first, limit: 600)) (see toolhost doctor)")
        }
    }
}

extension PluginReport {
    /// What is to be done where a plugin lacks the user's word.
    func ungrantedSentence(_ lacking: PluginPermissions) -> String {
        let change = access?.wasTrusted == true ? "It has changed since it was trusted, and" : "It"
        return "\(change) asks to \(lacking.phrases.joined(separator: ", to ")), so it is not offered. "
            + "Grant it for good: toolhost trust \(file.shellWord) — or for one run: "
            + lacking.options.map { "--allow " + ((name.map { $0 + ":" } ?? "") + $0).shellWord }.joined(separator: " ")
    }
}

/// Where this program's own files are, seen from the program itself.
enum Installation {
    /// The folder of this program, free of symbolic links.
    private static let folder: String? = {
        guard let path = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(path) }
        let text = String(cString: path)
        return text.lastIndex(of: "/").map { String(text[..<$0]) }
    }()

    /// The plugins that were installed with it.
    static let plugins = folder.map { $0 + "/../lib/toolhost/plugins" }.flatMap { path -> String? in
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// The lock file of the plugins that were installed with it.
    static let lockFile = folder.map { $0 + "/../share/toolhost/plugins.lock.json" }

    /// The program that holds a plugin.
    ///
    /// Where it is missing, the path tells where it should be.
    static let worker = helper("toolhost-worker") ?? "\(folder ?? ".")/../libexec/toolhost/toolhost-worker"

    /// A program that belongs to it: where it is installed, or beside this one where it was just built.
    static func helper(_ name: String) -> String? {
        guard let folder else { return nil }
        return ["\(folder)/../libexec/toolhost/\(name)", "\(folder)/\(name)"].first { access($0, X_OK) == 0 }
    }
}
