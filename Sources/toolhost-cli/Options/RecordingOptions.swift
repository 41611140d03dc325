import ArgumentParser
import ToolAgent

/// The options of `chat` that record, trace and replay a conversation.
struct RecordingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Record the conversation in a file, which --replay and test --replay read. It holds the prompts, the replies "
                + "and the results of tools.",
            valueName: "file"
        )
    )
    var record: String?

    @Option(
        help: ArgumentHelp(
            "Show the recorded conversation of a file. No model is asked, and no plugin is loaded.",
            valueName: "file"
        )
    )
    var replay: String?

    @OptionGroup var tracing: TraceOption

    /// Creates the files of the recording and the trace.
    func recorders() throws(CommandError) -> Recorders {
        let writer = try record.map { path throws(CommandError) in
            do throws(OutputFileError) {
                return try RecordingWriter(path: path)
            } catch {
                throw CommandError(.inputOutput, "\(path, limit: 400) \(error.reason, limit: 400).")
            }
        }
        return Recorders(writer: writer, trace: try tracing.open())
    }

    /// Reads a recording.
    static func recording(_ path: String) throws(CommandError) -> Recording {
        let bytes = try InputFile.read(path, limit: Recording.maximumBytes)
        do throws(AgentError) {
            return try Recording(parsing: bytes)
        } catch {
            throw misfit(path, error)
        }
    }

    /// Returns the error for a recording that is not valid or does not fit.
    static func misfit(_ path: String, _ error: AgentError) -> CommandError {
        CommandError(.invalidArguments, "\(path, limit: 400): \(error.message, limit: 2000)")
    }
}
