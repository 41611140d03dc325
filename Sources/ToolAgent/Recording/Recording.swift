import ToolJSON

/// A recording of conversations with a model: the prompts, the requests in short, each piece of each reply, the results
/// of the calls, and the outcomes.
///
/// A recording is a file of JSON lines. ``RecordingWriter`` writes it, and ``Replay`` replays it. Each line is an
/// object whose first member is its kind:
///
/// | kind | content |
/// |---|---|
/// | `toolhost_recording` | the version of the format, in the first line, with `calls`, the maximum number of calls of a message |
/// | `conversation` | the settings of a conversation: `model`, `rounds`, `result_characters`, `tool_bytes` (the length of the tools' definitions), and where they exist `system`, `format`, `tool_choice` and the first `messages` |
/// | `prompt` | `content`, and where they exist `images`, the number of its images, and `outside_sources` |
/// | `request` | `model`, `tools` (names), `context_length`, `kept` (the number of messages that the last request had, too) and the new `messages` |
/// | `chunk` | a piece of the reply as it was received, and beside it `surplus_calls` |
/// | `failure` | `code` and `message` of the error that ended the reply |
/// | `cancelled` | `true`: the user cancelled the reply |
/// | `result` | `index` of the call in the message, `tool`, `status`, `seconds` and `parts`, and `outside` if the tool reads from the network |
/// | `outcome` | `reason` and `rounds`, or the reason `failed` with `code` and `message` |
///
/// A recording is untrusted: its size and the size of each line are limited, and each line is validated when the
/// recording is read. Lines are parsed again when they are used, so a recording takes little more memory than its bytes.
package struct Recording: Sendable {
    /// The version of the format.
    static let version = 1
    /// The maximum length of a recording in bytes.
    package static let maximumBytes = 64 << 20
    /// The maximum number of lines.
    static let maximumLines = 1 << 20
    /// The beginning of each recording.
    package static let beginning = "{\"toolhost_recording\":"
    /// The limits of one line: those of a server's response, which the line encloses.
    private static let limits = JSONLimits(depth: 132, bytes: maximumBytes, values: 1 << 18 + 64)

    /// A request and its reply, and the results of the calls in it.
    ///
    /// Each line is stored as its index.
    struct Turn: Sendable {
        /// The ways in which a reply ends.
        enum End: Sendable, Hashable {
            case complete
            case cancelled
            case failed(line: Int)
            /// The agent read the reply no further.
            case abandoned
        }

        let request: Int
        var chunks: Range<Int>
        var end = End.abandoned
        /// The lines of the results by the position of the call.
        var results: [Int: Int] = [:]
    }

    /// A prompt, with the requests up to its answer.
    struct Exchange: Sendable {
        let prompt: Int
        var turns: [Turn] = []
        var outcome = 0
    }

    /// A conversation of one agent.
    struct Conversation: Sendable {
        let settings: Int
        var exchanges: [Exchange] = []
    }

    /// The maximum number of calls of a message in the recorded host.
    package let calls: Int
    let conversations: [Conversation]
    /// The names of all tools that a request offers, sorted.
    let tools: [String]
    private let bytes: [UInt8]
    private let lines: [Range<Int>]

    /// Reads a recording.
    ///
    /// - Throws: ``AgentError`` with the code ``AgentError/Code/invalidRecording`` and the number of the line, if the
    ///   bytes are not a whole and valid recording of this version.
    package init(parsing bytes: [UInt8]) throws(AgentError) {
        guard bytes.count <= Self.maximumBytes else {
            throw AgentError(.invalidRecording, message: "A recording has at most \(Self.maximumBytes) bytes.")
        }
        self.bytes = bytes
        lines = try Self.lines(of: bytes)
        var parser = RecordingParser()
        for index in lines.indices {
            let (kind, content, line) = try Self.parse(bytes[lines[index]], index)
            try parser.add(index, kind, content, line)
        }
        try parser.finish(lineCount: lines.count)
        (calls, conversations) = (parser.calls, parser.conversations)
        tools = parser.tools.sorted()
    }

    private static func lines(of bytes: [UInt8]) throws(AgentError) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            guard lines.count < maximumLines else {
                throw error(lines.count, "A recording has at most \(maximumLines) lines.")
            }
            lines.append(start..<end)
            start = end + 1
        }
        return lines
    }

    /// Parses a line: its kind, the content of that kind, and the whole line.
    private static func parse(_ bytes: ArraySlice<UInt8>, _ index: Int) throws(AgentError) -> (String, JSON, JSON) {
        do throws(JSONError) {
            let line = try JSON(parsing: bytes, limits: limits)
            if let member = line.object?.first { return (member.key, member.value, line) }
        } catch {
            throw AgentError(
                .invalidRecording,
                message: "Line \(index + 1) of the recording is not valid JSON: \(error).",
                underlyingError: error
            )
        }
        throw error(index, "It is not an object with a member.")
    }

    /// Creates an error about a line.
    ///
    /// - Parameter sentence: The sentence about the line.
    static func error(_ index: Int, _ sentence: String) -> AgentError {
        AgentError(.invalidRecording, message: "Line \(index + 1) of the recording does not fit: \(sentence)")
    }

    /// Returns the content of a line, and the whole line.
    func content(_ index: Int) -> (content: JSON, line: JSON) {
        // Each line was valid when the recording was read.
        guard let (_, content, line) = try? Self.parse(bytes[lines[index]], index) else { return (.null, .null) }
        return (content, line)
    }

    /// The number of lines.
    var lineCount: Int { lines.count }

    /// Returns the recording with other lines.
    ///
    /// - Parameter replacements: The new lines with their line breaks, by index.
    /// - Throws: ``AgentError`` if the recording would be too long.
    func replacing(_ replacements: [Int: [UInt8]]) throws(AgentError) -> [UInt8] {
        var result: [UInt8] = []
        for (index, line) in lines.enumerated() {
            result += replacements[index] ?? bytes[line] + [UInt8(ascii: "\n")]
        }
        guard result.count <= Self.maximumBytes else {
            throw AgentError(
                .invalidRecording,
                message: "With the new results, the recording would have more than \(Self.maximumBytes) bytes."
            )
        }
        return result
    }
}
