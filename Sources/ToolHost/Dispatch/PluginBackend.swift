import ToolJSON
import ToolRuntime

/// What happens in a call.
enum BackendEvent: Sendable {
    case started
    case output(ContentPart)
    case progress(Double?, String)
    case ended(ToolStatus, [ContentPart], Duration)
}

/// Runs a tool: one of a plugin, wherever the plugin's code runs, or one of the program, which is like a plugin's.
package struct PluginBackend: Sendable {
    let plugin: any PluginInstance
    /// The tool's place in the plugin's registration.
    let tool: Int
    /// Whether a call that was lost may be run once more.
    let isRepeatable: Bool

    /// What to tell a person who wonders about an answer: breaches of the contract, for one.
    var notes: [String] { plugin.incidents }

    /// Starts one call.
    ///
    /// - Parameters:
    ///   - arguments: What the model gave, an object by now.
    ///   - limits: The bounds in force; `timeout` is this call's own.
    ///   - budget: The bytes for the results of the whole message.
    ///   - observe: Told what happens, on any thread. ``BackendEvent/ended(_:_:_:)`` comes exactly once, and not much later
    ///     than the deadline.
    func start(
        _ arguments: JSONObject,
        limits: ToolLimits,
        budget: ResultBudget? = nil,
        observe: @escaping @Sendable (BackendEvent) -> Void
    ) -> any BackendCall {
        var request = CallRequest(
            arguments: arguments,
            timeout: limits.timeout,
            grace: limits.grace,
            resultBytes: limits.resultBytes
        )
        request.isRepeatable = isRepeatable
        request.budget = budget
        return plugin.start(tool: tool, request) { event in
            switch event {
            case .started: observe(.started)
            case .output(let part): observe(.output(part))
            case .progress(let fraction, let message): observe(.progress(fraction, message))
            case .ended(let end):
                let (status, parts) = Self.answer(end, limits)
                observe(.ended(status, parts, end.duration))
            case .returned, .over: break
            }
        }
    }

    private static func answer(_ end: CallEnd, _ limits: ToolLimits) -> (ToolStatus, [ContentPart]) {
        var parts = end.output.parts
        if end.output.isTruncated {
            let limit =
                end.output.isOverBudget
                ? "the \(end.output.count) bytes that were left for it in this message" : "\(limits.resultBytes) bytes"
            parts.append(.text("\n[The result was longer than \(limit); the rest is missing.]"))
        }
        switch end.reason {
        case .completed(let code):
            if let index = parts.firstIndex(where: \.isInvalidJSON) {
                // A part that the host has cut is no fault of the tool.
                guard end.output.isTruncated, index == end.output.parts.count - 1 else {
                    let sentence = "The tool wrote part \(index + 1) of its result as JSON, and it is not."
                    return (.pluginFailed, [.text(sentence)])
                }
                parts[index].mediaType = ContentPart.plainTextType
            }
            let status = ToolStatus(code)
            if parts.isEmpty, status != .ok { parts = [.text(status.defaultSentence)] }
            return (status, parts)
        case .timedOut:
            return (.timedOut, [.text("The tool did not answer within \(limits.timeout.words).")])
        case .cancelled:
            return (.cancelled, [.text(ToolStatus.cancelled.defaultSentence)])
        case .failed(let sentence):
            return (.pluginFailed, [.text("The tool failed: \(sentence)")])
        }
    }
}

extension PluginCall: BackendCall {}

extension ContentPart {
    fileprivate var isInvalidJSON: Bool { mediaType.hasPrefix("application/json") && !JSON.isValid(bytes) }
}

extension ToolStatus {
    /// The status that a plugin completed with; an unknown one reads as an error of the tool.
    fileprivate init(_ code: Int32) {
        switch code {
        case 0: self = .ok
        case 2: self = .invalidArguments
        case 3: self = .cancelled
        case 4: self = .pluginFailed
        default: self = .toolError
        }
    }

    /// What to say where nobody said more.
    var defaultSentence: String {
        switch self {
        case .ok: ""
        case .toolError: "The tool failed and gave no reason."
        case .invalidArguments: "The tool does not take these arguments, and gave no reason."
        case .unknownTool: "No tool has that name."
        case .pluginFailed: "The tool failed through a fault of its own."
        case .timedOut: "The tool did not answer in time."
        case .denied: "The call was refused."
        case .cancelled: "The call was cancelled before it was done."
        case .notRun: "The call was not run."
        }
    }
}

extension Duration {
    /// "60 seconds", "1 second", "0.2 seconds".
    var words: String {
        let seconds = Double(components.seconds) + Double(components.attoseconds) * 1e-18
        let rounded = (seconds * 1000).rounded() / 1000
        let text = rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
        return text == "1" ? "1 second" : "\(text) seconds"
    }
}
