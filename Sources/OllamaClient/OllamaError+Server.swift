public import ToolJSON

extension OllamaError {
    /// The error for a response that is not a success.
    ///
    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - body: JSON of one shape or another, plain text, HTML or nothing.
    ///   - isCut: True if the body is only the beginning of a longer one.
    static func server(status: Int, body: [UInt8], isCut: Bool) -> OllamaError {
        let json = try? JSONDocument(repairing: body, maximumCalls: 0).value
        let words = ServerWords.words(in: json, body) + (isCut ? " … (the rest of the response was not read)" : "")
        return OllamaError(status: status, words: words, signInURL: json?["signin_url"]?.string)
    }

    /// The failure that a response or a line of a stream reports, or `nil` if it reports none.
    public static func recorded(_ json: JSON) -> OllamaError? {
        guard let words = ServerWords.reported(by: json) else { return nil }
        let status =
            json["StatusCode"]?.int(in: ServerRange.status) ?? json["status_code"]?.int(in: ServerRange.status)
        return OllamaError(status: status, words: words, signInURL: json["signin_url"]?.string)
    }

    /// The JSON value of a response, unless it reports a failure.
    static func checked(_ bytes: [UInt8], status: Int = 200) throws(OllamaError) -> JSON {
        let json: JSON
        do {
            json = try JSONDocument(repairing: bytes, maximumCalls: .max, limits: JSONLimits()).value
        } catch {
            throw .notJSON(bytes, error.description, status: status)
        }
        return try checked(json, bytes, status: status)
    }

    /// The value that was parsed from a response, unless it reports a failure.
    static func checked(_ json: JSON, _ bytes: [UInt8], status: Int) throws(OllamaError) -> JSON {
        guard json.object != nil else { throw .notJSON(bytes, "it is not an object", status: status) }
        if let error = recorded(json) { throw error }
        return json
    }

    private init(status: Int?, words: String, signInURL: String?) {
        let code = Self.code(status, words.lowercased())
        let shown = ServerWords.shown(words)
        var message = code == .modelCrashed ? "The model crashed. " : ""
        message += status.map { "The server answered with status \($0)" } ?? "The server reports an error"
        if shown.isEmpty {
            let name = status.flatMap(ServerWords.name).map { " (\($0))" } ?? ""
            message += name + " and gives no reason."
        } else {
            message += ": " + shown + (shown.last.map(".!?".contains) == true ? "" : ".")
        }
        if let remedy = Self.remedy(code, status, words.lowercased(), signInURL) { message += " " + remedy }
        self.init(code, message: message, status: status, signInURL: signInURL)
    }

    // MARK: - Kinds

    /// Words that name a kind of failure, in lower case.
    ///
    /// They are more precise than the status, which is 500 for many things. The first one in a message counts: after the
    /// words about a call comes what the model wrote, and after those about a crash a log line that can be of an earlier
    /// request.
    private static let signs: [(code: Code, words: [String])] = [
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

    /// Words of failures that come with status 500 and that the same request meets each time.
    private static let permanentSigns = [
        "must be of type", "invalid format", "invalid option", "cannot unmarshal", "roles must alternate",
        "no user query", "jinja", "template:", " at row ", "more system memory", "unknown model architecture",
        "unsupported model", "unable to load model", "not supported", "invalid json schema",
    ]

    private static func code(_ status: Int?, _ words: String) -> Code {
        var first: (code: Code, place: String.Index)?
        for (code, signs) in signs {
            for sign in signs {
                guard let place = words.firstRange(of: sign)?.lowerBound, place < first?.place ?? words.endIndex else {
                    continue
                }
                first = (code, place)
            }
        }
        if let first { return first.code }
        // Some parsers name the tool that the model made up.
        if words.contains("tool '"), words.contains("not found") { return .toolCallUnparsable }
        if words.contains("model '"), words.contains("not found") { return .modelNotFound }
        switch status {
        case 401: return .unauthorized
        case 403: return .forbidden
        case 404 where words.contains("model"): return .modelNotFound
        case 408, 504: return .timedOut
        case 429: return .rateLimited
        case 499: return .requestCancelled
        case 502: return .cloudUnreachable
        case 503: return .serverBusy
        case let status? where 400..<500 ~= status: return .invalidRequest
        default: return permanentSigns.contains(where: words.contains) ? .invalidRequest : .serverFault
        }
    }

    private static func remedy(_ code: Code, _ status: Int?, _ words: String, _ signInURL: String?) -> String? {
        switch code {
        case .unauthorized:
            signInURL.map { "Sign in at \(ServerWords.shortened($0))" }
                ?? "Sign in with `ollama signin`, set OLLAMA_API_KEY, or name a user and a password in OLLAMA_HOST "
                + "(https://user:password@host)."
        case .modelNotFound: "Fetch it with `ollama pull`, or choose one that the server has."
        case .toolsUnsupported: "Choose a model that can call tools."
        case .thinkingUnsupported: "Leave the request to think out, or choose another model."
        case .imagesUnsupported: "Choose a model that can see pictures, or leave the picture out."
        case .rateLimited, .serverBusy: "Try again later."
        case .contextExceeded: "Offer fewer tools, start a new conversation, or ask for a larger num_ctx."
        case .modelCrashed:
            (words.contains("running the model: unexpected eof") || !words.contains("running the model:")
                ? "" : "A log line after these words can be older than the crash. ")
                + "The machine may be short of memory: try a smaller model or a smaller num_ctx."
        case .invalidRequest where status == 413: "Start a new conversation, or offer fewer tools."
        case .invalidRequest where status == 404 || status == 405:
            "OLLAMA_HOST may name something other than an Ollama server."
        default: nil
        }
    }
}
