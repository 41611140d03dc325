import OllamaClient

/// The decisions about the requests for one message of the model that fail: whether, when and how to ask again.
///
/// A request is repeated only while its message is incomplete. The calls of an incomplete message are never run, so a
/// repeated request repeats no effect of a tool.
struct RetryPlan: Sendable {
    /// A request that is sent again.
    struct Retry: Sendable, Equatable {
        /// The time to wait before the request.
        var delay = Duration.zero
        /// The failure and the next step, in sentences.
        var reason: String
        /// The text that tells the model what was wrong, or nil for the same request.
        var hint: String?
    }

    /// The maximum number of repeated requests after failures of a class.
    private static func limit(_ fault: OllamaError.Fault) -> Int {
        switch fault {
        case .connectionLost, .crash: 1
        case .unreadableCall, .unknown: 2
        case .busy: pauses.count
        case .permanent: 0
        }
    }

    /// The times to wait for a busy server that names none.
    private static let pauses: [Duration] = [.milliseconds(500), .seconds(1), .seconds(2)]
    /// The maximum time to wait for a busy server that names one.
    private static let longestPause = Duration.seconds(30)
    /// The maximum number of characters of a cause that the model sees.
    private static let hintCharacters = 160

    private var counts: [OllamaError.Fault: Int] = [:]

    /// Returns the next request after a failure, or nil if the failure is final.
    ///
    /// - Parameters:
    ///   - error: The failure.
    ///   - hasReceived: True if a piece of the message has arrived.
    ///   - offersTools: True if the request offers tools.
    mutating func retry(after error: any Error, hasReceived: Bool, offersTools: Bool) -> Retry? {
        guard let error = error as? OllamaError else { return nil }
        let fault = error.fault
        let count = counts[fault, default: 0] + 1
        let limit = Self.limit(fault)
        guard count <= limit else { return nil }
        var retry = Retry(reason: "\(error) Retrying automatically (\(count) of \(limit)).")
        switch fault {
        case .connectionLost:
            // A model that stops in the middle of a message would probably do so again.
            if hasReceived { return nil }
        case .busy:
            let pause = max(Self.pauses[count - 1], error.retryAfter ?? .zero)
            guard !hasReceived, pause <= Self.longestPause else { return nil }
            retry.delay = pause
            retry.reason = "\(error) Retrying automatically in \(Self.words(pause)) (\(count) of \(limit))."
        case .unreadableCall:
            if offersTools { retry.hint = Self.hint(about: error) }
        case .crash, .unknown, .permanent:
            break
        }
        counts[fault] = count
        return retry
    }

    private static func words(_ pause: Duration) -> String {
        let (seconds, rest) = (pause.components.seconds, pause.components.attoseconds)
        return rest > 0 ? "\(seconds).\(rest / 100_000_000_000_000_000) s" : "\(seconds) s"
    }

    /// Returns the text that asks for an unreadable call again.
    private static func hint(about error: OllamaError) -> String {
        let message = error.message
        // Only the words of the parser are quoted: the rest repeats the model's text, which may contain control tokens.
        let cause = message.ranges(of: "err=").last.map { message[$0.upperBound...] } ?? ""
        let words = cause.unicodeScalars.filter { $0.properties.isAlphabetic || " .:,'-".unicodeScalars.contains($0) }
        let quoted = String(String.UnicodeScalarView(words.prefix(hintCharacters))).withoutFullStop
        return "Your last message contained a call that could not be read"
            + (quoted.allSatisfy(\.isWhitespace) ? ". " : " (\(quoted)). ")
            + "Nothing was run. Make one call at a time: one of the tools above by its exact name, with its arguments as "
            + "one valid JSON object."
    }
}

extension String {
    fileprivate var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
