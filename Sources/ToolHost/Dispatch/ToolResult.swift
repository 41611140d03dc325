import ToolJSON
public import ToolSandbox
public import ToolSchema

/// How a call ended.
public enum ToolStatus: String, Sendable, Hashable, CaseIterable {
    /// The tool gave a result.
    case ok
    /// The tool ran and said no.
    case toolError = "tool_error"
    /// The arguments do not fit, as the host or the tool found.
    case invalidArguments = "invalid_arguments"
    /// No tool has that name.
    case unknownTool = "unknown_tool"
    /// The plugin is broken, broke its contract or had a fault of its own.
    case pluginFailed = "plugin_failed"
    /// The deadline passed.
    case timedOut = "timed_out"
    /// The gate, or the user behind it, refused.
    case denied
    /// The call was cancelled before it was done.
    case cancelled
    /// The call was not run, for there were more of them than the limit allows.
    case notRun = "not_run"
}

/// The one answer that every call gets, whatever happened.
public struct ToolResult: Sendable, Hashable {
    /// The call that it answers.
    public let call: ToolCall

    /// How the call ended.
    public let status: ToolStatus

    /// The result, or the words for what went wrong.
    public let parts: [ContentPart]

    /// The time from the start of the tool's code to its answer; zero where none of it ran.
    public let duration: Duration

    /// What a person may want to know and a model need not.
    public internal(set) var notes: [String]

    /// What was changed in the arguments so that they fit the tool's schema; ``call`` has them as they were sent.
    public internal(set) var coercions: [Coercion] = []

    /// What is wrong with the arguments; nothing unless ``status`` is ``ToolStatus/invalidArguments``.
    public internal(set) var violations: [Violation] = []

    /// What the kernel held the plugin to; `nil` where no worker ran the call.
    public internal(set) var sandbox: SandboxReport?

    /// An answer; hosts and their tests make them.
    public init(
        call: ToolCall,
        status: ToolStatus,
        parts: [ContentPart],
        duration: Duration = .zero,
        notes: [String] = []
    ) {
        self.call = call
        self.status = status
        self.parts = parts
        self.duration = duration
        self.notes = notes
    }

    /// The answer as a model reads it: the texts one after another.
    ///
    /// An image stands in it as one short line.
    public var text: String {
        var text = ""
        forEachTextPiece { text += $0 }
        return text
    }

    /// Calls a closure with ``text`` in pieces of a few kilobytes, so that a long one is never in memory as a whole.
    package func forEachTextPiece(_ body: (String) throws -> Void) rethrows {
        for part in parts {
            if part.isText {
                try part.bytes.forEachTextPiece(body)
            } else {
                try body("[\(part.mediaType), \(part.bytes.count) bytes]")
            }
        }
    }

    /// The beginning of ``text``, with at most so many characters (Unicode scalars).
    package func beginning(of count: Int) -> String {
        struct IsLongEnough: Error {}
        var text = ""
        var left = count
        do {
            try forEachTextPiece { piece in
                text.unicodeScalars += piece.unicodeScalars.prefix(left)
                left -= min(left, piece.unicodeScalars.count)
                if left == 0 { throw IsLongEnough() }
            }
        } catch {}
        return text
    }

    /// The pictures among the parts.
    public var images: [[UInt8]] { parts.filter(\.isImage).map(\.bytes) }
}
