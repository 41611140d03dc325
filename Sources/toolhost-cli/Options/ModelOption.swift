import ToolJSON

/// A reader of model options: `--option key=value` and `/option key=value`.
enum ModelOption {
    /// The options that Ollama documents.
    ///
    /// Ollama ignores other options, so a mistyped option would have no effect.
    private static let known = [
        "num_keep", "seed", "num_predict", "top_k", "top_p", "min_p", "typical_p", "repeat_last_n", "temperature",
        "repeat_penalty", "presence_penalty", "frequency_penalty", "stop", "num_ctx", "num_batch", "num_gpu",
        "main_gpu", "use_mmap", "num_thread",
    ]

    /// Reads all options; a value that is not JSON is read as a string.
    ///
    /// - Parameter contextLength: The value of `--num-ctx`.
    static func values(_ options: [String], contextLength: Int?) throws(CommandError) -> JSONObject {
        var values: JSONObject = [:]
        values["num_ctx"] = contextLength.map { .int($0) }
        for option in options {
            let (key, value) = try value(option, of: "--option")
            guard values[key] == nil else {
                throw CommandError(.usage, "--option \(option.visible, limit: 80): \(key, limit: 80) is set twice.")
            }
            values[key] = value
        }
        return values
    }

    /// Reads one option; a value that is not JSON is read as a string.
    ///
    /// - Parameter command: The option of the command line, or the command of a chat.
    static func value(_ option: String, of command: TerminalLine) throws(CommandError) -> (key: String, value: JSON) {
        let name: TerminalLine = "\(command) \(option.visible, limit: 80)"
        guard let equals = option.firstIndex(of: "="), equals != option.startIndex else {
            throw CommandError(.usage, "\(name): expected key=value.")
        }
        let key = String(option[..<equals])
        let text = String(option[option.index(after: equals)...])
        let question = NearNames.question(key, among: known)
        if !known.contains(key), !question.isEmpty {
            Console.error.line("note: \(name): Ollama ignores unknown options.\(question)", as: .event)
        }
        return (key, (try? JSON(parsing: text)) ?? .string(text))
    }
}
