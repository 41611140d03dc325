import ArgumentParser
import ToolAgent

/// The option `--trace`.
struct TraceOption: ParsableArguments {
    @Option(
        name: .customLong("trace"),
        help: ArgumentHelp(
            "Write the times of requests and calls to a file, which ui.perfetto.dev displays.",
            valueName: "file"
        )
    )
    var path: String?

    /// Creates the file, or returns nil without the option.
    func open() throws(CommandError) -> ConversationTrace? {
        guard let path else { return nil }
        do throws(OutputFileError) {
            return try ConversationTrace(path: path)
        } catch {
            throw CommandError(.inputOutput, "\(path, limit: 400) \(error.reason, limit: 400).")
        }
    }
}
