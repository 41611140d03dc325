import ArgumentParser
import Glibc
import OllamaClient
import ToolHost
import ToolJSON

/// The verb `doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Report what was found, what is broken, and what to do.",
        usage: "toolhost doctor [<options>]",
        discussion: """
            Reports the search path, the plugins, the sandbox, the settings files and the Ollama server.

            Exits with 4 if a plugin has a problem, or if the worker program, the configuration, the policy or a lock \
            file cannot be used; doctor continues without a settings file. A missing Ollama is reported but is not a \
            problem, because tools can be used without it.

            EXAMPLES:
              toolhost doctor
              toolhost doctor --plugins ./build --json
            """
    )

    @OptionGroup var options: HostOptions
    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Release plugins from quarantine, and load those again that failed to load.") var release =
        false

    func run() async throws {
        var problems: [SettingsFile: String] = [:]
        var configuration = try options.configuration { file, error in problems[file] = error.message }
        for (file, path) in [(SettingsFile.lock, \TrustConfiguration.lockFile), (.installedLock, \.installedLockFile)] {
            do throws(ToolHostError) {
                _ = try configuration.authorization.trust[keyPath: path]?.records()
            } catch {
                problems[file] = error.message
                let file = configuration.authorization.trust[keyPath: path]
                configuration.authorization.trust[keyPath: path] = file?.ignoringRecords()
            }
        }
        if release {
            do throws(ToolHostError) {
                try configuration.releasePlugins()
            } catch {
                throw CommandError(.inputOutput, error)
            }
        }
        let host = ToolHost(configuration)
        do throws(ToolHostError) {
            try await host.loadPlugins()
        } catch {
            throw CommandError(.usage, error)
        }
        let plugins = host.plugins
        try options.checkAllowances(configuration, plugins)
        let server = await ServerCheck.run()
        if json {
            Console.output.json(report(configuration, host, server, problems))
        } else {
            show(configuration, host, server, problems)
        }
        let needsAttention = plugins.contains(where: \.needsAttention) || Self.workerProblem(configuration) != nil
        if !problems.isEmpty || needsAttention { throw CommandError(.pluginFailed) }
    }
}
