import ToolJSON
public import ToolRuntime
public import ToolSandbox
public import ToolSchema

/// The result of a call: every call gets exactly one, whatever happens.
public struct ToolResult: Sendable, Hashable {
    /// The call, with the arguments as they were sent.
    public let call: ToolCall

    /// The way in which the call ended.
    public let status: ToolStatus

    /// The content: what the tool returned, or the description of the error for the model.
    public let parts: [ContentPart]

    /// The time from the start of the tool's code to its result; zero if none of its code ran.
    public let duration: Duration

    /// Diagnostics for the user, such as contract violations by the plugin: sentences that a model does not need.
    public internal(set) var notes: [String]

    /// The changes to the arguments that made them fit the tool's schema.
    ///
    /// ``call`` has the arguments as they were sent.
    public internal(set) var coercions: [Coercion] = []

    /// The violations of the tool's schema; empty unless ``status`` is ``ToolStatus/invalidArguments``.
    public internal(set) var violations: [Violation] = []

    /// The restrictions that the kernel enforced on the plugin; nil if no worker process ran the call.
    public internal(set) var sandbox: SandboxReport?

    /// A Boolean value that indicates whether the content may have text that other people wrote, because the tool reads
    /// from the network.
    public internal(set) var isFromOutside = false

    /// The action that would let the call succeed, if it failed because the plugin cannot be run and the host knows
    /// one.
    public internal(set) var remedy: Remedy?

    /// Creates a result, for instance to test the code that handles results.
    public init(
        call: ToolCall,
        status: ToolStatus,
        parts: [ContentPart],
        duration: Duration = .zero,
        notes: [String] = [],
        isFromOutside: Bool = false
    ) {
        self.call = call
        self.status = status
        self.parts = parts
        self.duration = duration
        self.notes = notes
        self.isFromOutside = isFromOutside
    }

    /// Creates the result of a call that was not run, with the reason as a sentence.
    init(refusing call: ToolCall, _ status: ToolStatus, _ sentence: String) {
        self.init(call: call, status: status, parts: [.text(sentence)])
    }

    /// The content as one string: the texts in order, and one short line in place of each image or other data.
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

    /// Returns the beginning of ``text``, with at most the given number of Unicode scalars.
    package func beginning(of count: Int) -> String {
        struct IsLongEnough: Error {}
        var text = ""
        var scalarsLeft = count
        do {
            try forEachTextPiece { piece in
                text.unicodeScalars += piece.unicodeScalars.prefix(scalarsLeft)
                scalarsLeft -= min(scalarsLeft, piece.unicodeScalars.count)
                if scalarsLeft == 0 { throw IsLongEnough() }
            }
        } catch {}
        return text
    }

    /// The bytes of the images among the parts.
    public var images: [[UInt8]] { parts.filter(\.isImage).map(\.bytes) }
}
