import ArgumentParser
import Glibc
import Terminal

/// The command `toolhost` with all of its verbs.
@main
struct Toolhost: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "toolhost",
        abstract: "Native tools for local language models.",
        discussion: """
            A tool is a function in a shared library. A plugin is a file with tools: a shared library (.so), or a \
            binding (.tool.json), which makes tools of the functions of a C library. toolhost lists and calls tools, and \
            lets a model that Ollama serves call them.

            toolhost finds plugins in the places of --plugins, in the directories of TOOLHOST_PLUGIN_PATH (separated by \
            colons), in ~/.local/share/toolhost/plugins, and among the plugins that are installed with toolhost.

            EXIT CODES: 0 done, 1 the tool reported an error, 2 invalid arguments, 3 unknown tool, 4 plugin broken or nothing \
            tested, 5 timeout, 6 denied or withheld, 7 server or model, 64 usage, 74 input or output, 130 interrupted.
            """,
        version: Installation.version,
        subcommands: [
            ListCommand.self, ShowCommand.self, CallCommand.self, TestCommand.self, BenchCommand.self,
            DispatchCommand.self, ChatCommand.self, HistoryCommand.self, ModelsCommand.self, BindCommand.self,
            CheckCommand.self, TrustCommand.self, ConfigCommand.self, DoctorCommand.self,
        ]
    )

    static func main() async {
        // A closed pipe is reported as a write error, and does not kill the process silently.
        signal(SIGPIPE, SIG_IGN)
        Console.prepare()
        Interrupts.prepare()
        // Swift reads the arguments from /proc.
        guard !CommandLine.arguments.isEmpty else {
            Console.error.line("toolhost: /proc is not mounted; mount it: mount -t proc proc /proc")
            Console.exit(.inputOutput)
        }
        do {
            var command = try CommandLineReader.command(Array(CommandLine.arguments.dropFirst()))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandError {
            if !failure.message.text.isEmpty { Console.error.line("toolhost: \(failure.message)") }
            Console.exit(failure.exit)
        } catch {
            // The help and usage messages of the parser may quote arguments, which are untrusted.
            let status = exitCode(for: error)
            let console = status.isSuccess ? Console.output : Console.error
            console.lines(Self.lines(of: fullMessage(for: error)))
            Console.exit(ExitStatus(rawValue: status.rawValue) ?? .usage)
        }
        Console.exit(.done)
    }

    /// Returns the lines of a message of the parser, with hidden characters of quoted arguments made visible.
    private static func lines(of message: String) -> [TerminalLine] {
        var message = message
        for argument in CommandLine.arguments.dropFirst() {
            // The parser quotes an option and its value together or apart.
            for text in [argument] + argument.split(separator: "=", maxSplits: 1).map(String.init) {
                let shown = TerminalText(text, keepsLines: false).text
                if shown != text { message = message.replacing(text, with: shown) }
            }
        }
        return message.split(separator: "\n", omittingEmptySubsequences: false).map { TerminalLine(String($0)) }
    }
}
