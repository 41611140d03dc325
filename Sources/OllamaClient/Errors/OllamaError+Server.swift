public import ToolJSON

extension OllamaError {
    /// Returns the error for a response that is not a success.
    ///
    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - body: The body: JSON of any form, plain text, HTML or nothing.
    ///   - isCut: True if the body is only the beginning of a longer one.
    ///   - kind: The kind of server.
    ///   - retryAfter: The value of the header `Retry-After`.
    package static func server(
        status: Int,
        body: [UInt8],
        isCut: Bool = false,
        kind: ServerKind = .ollama,
        retryAfter: String? = nil
    ) -> OllamaError {
        let json = try? JSONDocument(repairing: body, maximumCalls: 0).value
        let message =
            ServerMessage.message(in: json, body) + (isCut ? " … (the rest of the response was not read)" : "")
        return OllamaError(
            status: status,
            reported: message,
            signInURL: json?["signin_url"]?.string,
            kind: kind,
            retryAfter: retryAfter.flatMap(seconds)
        )
    }

    /// Reads a whole number of seconds, at most a day.
    ///
    /// - Returns: Nil for another value. Dates are not read: the clocks of server and client can differ.
    private static func seconds(_ value: String) -> Duration? {
        guard value.utf8.count <= 9, let seconds = Int(value), seconds >= 0 else { return nil }
        return .seconds(min(seconds, 86_400))
    }

    /// Returns the failure that a response or a line of a stream reports, or nil if it reports none.
    ///
    /// - Parameter json: The response or the line. No value is rejected.
    public static func recorded(_ json: JSON) -> OllamaError? {
        guard let message = ServerMessage.reported(by: json) else { return nil }
        let status =
            json["StatusCode"]?.int(in: ServerRange.status) ?? json["status_code"]?.int(in: ServerRange.status)
        return OllamaError(status: status, reported: message, signInURL: json["signin_url"]?.string)
    }

    /// Parses a response, and throws the failure that it reports.
    static func checked(_ bytes: [UInt8], status: Int = 200) throws(OllamaError) -> JSON {
        let json: JSON
        do {
            json = try JSONDocument(repairing: bytes, maximumCalls: .max, limits: JSONLimits()).value
        } catch {
            throw .notJSON(bytes, error.description, status: status, underlyingError: error)
        }
        return try checked(json, bytes, status: status)
    }

    /// Returns a value that was parsed from a response, and throws the failure that it reports.
    static func checked(_ json: JSON, _ bytes: [UInt8], status: Int) throws(OllamaError) -> JSON {
        guard json.object != nil else { throw .notJSON(bytes, "it is not an object", status: status) }
        if let error = recorded(json) { throw error }
        return json
    }

    package init(
        status: Int?,
        reported: String,
        signInURL: String? = nil,
        kind: ServerKind = .ollama,
        retryAfter: Duration? = nil
    ) {
        let code = Self.code(status, reported.lowercased())
        let shown = ServerMessage.shown(reported)
        var message = code == .modelCrashed ? "The model crashed. " : ""
        message += status.map { "The server responded with status \($0)" } ?? "The server reports an error"
        if shown.isEmpty {
            let name = status.flatMap(ServerMessage.name).map { " (\($0))" } ?? ""
            message += name + " and gives no reason."
        } else {
            message += ": " + shown + (shown.last.map(".!?".contains) == true ? "" : ".")
        }
        if let retryAfter, [.rateLimited, .serverBusy].contains(code) {
            message += " Try again in \(retryAfter.components.seconds) s."
        } else if let advice = Self.advice(code, status, reported.lowercased(), signInURL, kind) {
            message += " " + advice
        }
        self.init(
            code,
            message: message,
            status: status,
            remedy: Self.remedy(Self.remedy(code, status, signInURL), for: kind),
            retryAfter: retryAfter
        )
    }

    // MARK: - Kinds

    /// The phrases that identify a kind of failure, in lower case.
    ///
    /// They are more precise than the status, which is 500 for many failures. The first phrase in a message counts: a
    /// message about a call continues with the text of the model, and a message about a crash with a log line that can
    /// belong to an earlier request.
    private static let phrases: [(code: Code, phrases: [String])] = [
        (
            .toolCallUnparsable,
            [
                "error parsing tool call", "failed to parse json", "xml syntax", "invalid tool call arguments",
                "does not match the expected",
            ]
        ),
        (
            .modelCrashed,
            ["error was encountered while running the model", "unexpectedly stopped", "process has terminated"]
        ),
        (.toolsUnsupported, ["does not support tools"]),
        (.thinkingUnsupported, ["does not support thinking"]),
        (.chatUnsupported, ["does not support chat"]),
        (
            .imagesUnsupported,
            [
                "image input is not supported", "does not support multimodal", "does not support vision",
                "does not support image",
            ]
        ),
        (.contextExceeded, ["context size", "context length"]),
    ]

    /// The phrases of failures with status 500 that occur again whenever the same request is sent.
    private static let permanentPhrases = [
        "must be of type", "invalid format", "invalid option", "cannot unmarshal", "roles must alternate",
        "no user query", "jinja", "template:", " at row ", "more system memory", "unknown model architecture",
        "unsupported model", "unable to load model", "not supported", "invalid json schema",
    ]

    /// Returns the kind of a failure.
    ///
    /// - Parameter message: The message in lower case.
    private static func code(_ status: Int?, _ message: String) -> Code {
        var first: (code: Code, position: String.Index)?
        for (code, phrases) in phrases {
            for phrase in phrases {
                guard let position = message.firstRange(of: phrase)?.lowerBound,
                    position < first?.position ?? message.endIndex
                else { continue }
                first = (code, position)
            }
        }
        if let first { return first.code }
        // Some parsers report a tool name that the model invented.
        if message.contains("tool '"), message.contains("not found") { return .toolCallUnparsable }
        if message.contains("model '"), message.contains("not found") { return .modelNotFound }
        switch status {
        case 401: return .unauthorized
        case 403: return .forbidden
        case 404 where message.contains("model"): return .modelNotFound
        case 408, 504: return .timedOut
        case 429: return .rateLimited
        case 499: return .requestCancelled
        case 502: return .cloudUnreachable
        case 503: return .serverBusy
        case let status? where 400..<500 ~= status: return .invalidRequest
        default: return permanentPhrases.contains(where: message.contains) ? .invalidRequest : .serverFault
        }
    }

    /// Returns a sentence about the next step, without commands, or nil if none is known or the remedy is enough.
    private static func advice(
        _ code: Code,
        _ status: Int?,
        _ message: String,
        _ signInURL: String?,
        _ kind: ServerKind
    ) -> String? {
        switch code {
        case .unauthorized:
            signInURL.map { "Sign in at \(ServerMessage.shortened($0))" }
                ?? "The server needs a sign-in, a key in \(kind.keyVariable), or a user name and a password in "
                + "\(kind.addressVariable) (https://user:password@host)."
        case .toolsUnsupported: "Choose a model that can call tools."
        case .thinkingUnsupported: "Do not request thinking, or choose another model."
        case .imagesUnsupported: "Choose a model that can read images, or remove the image."
        case .rateLimited, .serverBusy: "Try again later."
        case .contextExceeded:
            "Offer fewer tools, start a new conversation, or use a larger context window (num_ctx)."
        case .modelCrashed:
            (message.contains("running the model: unexpected eof") || !message.contains("running the model:")
                ? "" : "A log line after these words can be older than the crash. ")
                + "The machine may be short of memory: try a smaller model or a smaller window."
        case .invalidRequest where status == 413: "Start a new conversation, or offer fewer tools."
        case .invalidRequest where status == 404 || status == 405:
            "\(kind.addressVariable) may name something other than an \(kind.name) server."
        default: nil
        }
    }

    private static func remedy(_ code: Code, _ status: Int?, _ signInURL: String?) -> Remedy? {
        switch code {
        case .unauthorized: .signIn(url: signInURL)
        case .modelNotFound: .pullModel(nil)
        case .toolsUnsupported, .thinkingUnsupported, .chatUnsupported, .imagesUnsupported, .modelCrashed: .chooseModel
        case .rateLimited, .serverBusy, .timedOut, .cloudUnreachable, .serverFault, .toolCallUnparsable: .waitAndRetry
        case .contextExceeded: .shortenConversation
        case .invalidRequest where status == 413: .shortenConversation
        case .invalidRequest where status == 404 || status == 405: .setHostVariable
        default: signInURL.map { .signIn(url: $0) }
        }
    }
}
