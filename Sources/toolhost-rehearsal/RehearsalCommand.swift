import Glibc
import LoopbackHTTP
import ToolJSON

/// The command line of the rehearsal server, which by default exits at the end of its standard input.
@main
struct RehearsalCommand {
    private static let usage = """
        USAGE: toolhost-rehearsal [--port N] [--no-stdin]

        A stand-in for a model server, to try tools with no model and no GPU. It
        speaks Ollama's HTTP protocol on 127.0.0.1 and serves one model, "rehearsal",
        which is NOT a language model: it chooses tools by the words of the prompt
        and fills their arguments by type.

        It prints its address on one line when it listens.

        OPTIONS:
          --port N      The port to listen on; 0 means any free port. (default: 0)
          --no-stdin    Serve until SIGINT or SIGTERM. Without this option, the server
                        exits at the end of its standard input.
          --version     Show the version.
          -h, --help    Show this help.

        """

    private enum ExitCode {
        static let usage: Int32 = 64
        static let inputOutput: Int32 = 74
    }

    private var port: UInt16 = 0
    private var watchesInput = true

    static func main() {
        let command = RehearsalCommand(CommandLine.arguments.dropFirst())
        // A closed pipe is reported as an error. It must not kill the process.
        signal(SIGPIPE, SIG_IGN)
        let server: RehearsalServer
        do {
            server = try RehearsalServer(port: command.port)
        } catch {
            fail(
                "cannot listen on 127.0.0.1 port \(command.port): \(error); choose another --port",
                ExitCode.inputOutput
            )
        }
        guard write("http://127.0.0.1:\(server.port)\n", to: STDOUT_FILENO) else {
            fail("cannot write the address to standard output", ExitCode.inputOutput)
        }
        if command.watchesInput {
            // An interrupt at the terminal reaches the whole process group, but may be meant for the current turn of
            // the chat only. The parent process stops the server by closing its standard input.
            if isatty(STDIN_FILENO) == 0 { signal(SIGINT, SIG_IGN) }
            let isWatching = startThread {
                waitForEndOfInput()
                exit(0)
            }
            guard isWatching else { fail("cannot start a thread", ExitCode.inputOutput) }
        }
        server.run()
    }

    private init(_ arguments: some Sequence<String>) {
        var arguments = arguments.makeIterator()
        while let argument = arguments.next() {
            switch argument {
            case "--port":
                let value = arguments.next() ?? ""
                guard let number = UInt16(value) else {
                    Self.fail("--port takes a number from 0 to 65535, not \"\(value)\"", ExitCode.usage)
                }
                port = number
            case "--no-stdin":
                watchesInput = false
            case "--version":
                exit(Self.write(Router.version + "\n", to: STDOUT_FILENO) ? 0 : ExitCode.inputOutput)
            case "-h", "--help":
                exit(Self.write(Self.usage, to: STDOUT_FILENO) ? 0 : ExitCode.inputOutput)
            default:
                let known = ["--port", "--no-stdin", "--version", "--help"]
                let question = NearNames.question(argument, among: known)
                Self.fail("Unknown option \(argument).\(question) See toolhost-rehearsal --help.", ExitCode.usage)
            }
        }
    }

    private static func waitForEndOfInput() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count == 0 || count < 0 && errno != EINTR { return }
        }
    }

    private static func fail(_ message: String, _ code: Int32) -> Never {
        _ = write("toolhost-rehearsal: \(message)\n", to: STDERR_FILENO)
        exit(code)
    }

    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            bytes = bytes.dropFirst(count)
        }
        return true
    }
}
