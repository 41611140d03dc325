public import ToolJSON

extension OllamaError {
    /// Reads what a server answered instead of a success.
    ///
    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - body: JSON of one shape or another, plain text, HTML or nothing.
    static func server(status: Int, body: [UInt8]) -> OllamaError {
        let json = try? JSON(parsing: body)
        let said = json.flatMap(text) ?? plainText(body)
        return OllamaError(status: status, said: said, signInURL: json?["signin_url"]?.string)
    }

    /// The failure that an answer or a line of a stream tells, or `nil` where it tells none.
    public static func recorded(_ json: JSON) -> OllamaError? {
        guard let said = text(json) else { return nil }
        let status =
            json["StatusCode"]?.int(in: ServerRange.status) ?? json["status_code"]?.int(in: ServerRange.status)
        return OllamaError(status: status, said: said, signInURL: json["signin_url"]?.string)
    }

    /// The JSON value of a response, unless it reports a failure.
    static func checked(_ bytes: [UInt8]) throws(OllamaError) -> JSON {
        let json: JSON
        do {
            json = try JSON(parsing: bytes)
        } catch {
            throw .notJSON(bytes, error.description)
        }
        return try checked(json, bytes)
    }

    /// The value that was parsed from a response, unless it reports a failure.
    static func checked(_ json: JSON, _ bytes: [UInt8]) throws(OllamaError) -> JSON {
        guard json.object != nil else { throw .notJSON(bytes, "it is no object") }
        if let error = recorded(json) { throw error }
        return json
    }

    private init(status: Int?, said: String, signInURL: String?) {
        let code = Self.code(status, said.lowercased())
        var message: String
        if said.isEmpty {
            let how = status.map { "with status \($0)" } ?? "with an error"
            message = "The server answered \(how) and said no more."
        } else {
            message = "The server says: " + Self.shortened(said) + (said.hasSuffix(".") ? "" : ".")
        }
        if let remedy = Self.remedy(code, signInURL) { message += " " + remedy }
        self.init(code, message: message, status: status, signInURL: signInURL)
    }

    /// The server's own words: under `error`, as a text, as an object with a `message`, or as JSON text once more.
    private static func text(_ json: JSON) -> String? {
        guard let members = json.object else { return nil }
        if let error = members["error"], !error.isNull {
            switch error {
            case .string(let text): return unwrapped(beginning(of: text))
            case .object(let inner): return inner["message"]?.string.map(beginning) ?? beginning(of: error)
            default: return beginning(of: error)
            }
        }
        // An old fault of one parser: the text stands in the place of the key.
        return members.first { $0.key.hasPrefix("error parsing tool call") }
            .map { "\(beginning(of: $0.key)) \(beginning(of: $0.value))" }
    }

    // A server may send an error of any length, and its first words say what happened.

    private static let maximumCharacters = 16 << 10

    private static func beginning(of text: String) -> String {
        text.utf8.count > maximumCharacters ? String(text.unicodeScalars.prefix(maximumCharacters)) : text
    }

    private static func beginning(of json: JSON) -> String { json.text(upTo: maximumCharacters).text }

    private static func unwrapped(_ text: String) -> String {
        guard let brace = text.firstIndex(of: "{"), let inner = try? JSON(parsing: String(text[brace...])) else {
            return text
        }
        guard let message = inner[pointer: "/error/message"]?.string ?? inner["error"]?.string else { return text }
        return text[..<brace] + message
    }

    private static func plainText(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(2000), as: UTF8.self)
        let isMarkup = text.contains("<html") || text.contains("<!DOCTYPE") || text.contains("<HTML")
        return isMarkup ? "(a web page, so this is hardly an Ollama server)" : text.trimmingSpace()
    }

    private static func code(_ status: Int?, _ said: String) -> Code {
        // What the server says is more precise than its status, which is 500 for many things.
        if said.contains("does not support tools") { return .toolsUnsupported }
        if said.contains("does not support thinking") { return .thinkingUnsupported }
        if said.contains("does not support chat") { return .chatUnsupported }
        if said.contains("error parsing tool call") || said.contains("failed to parse json") || isLostTool(said) {
            return .toolCallUnparsable
        }
        if said.contains("context size") || said.contains("context length") { return .contextExceeded }
        if said.contains("unexpectedly stopped") { return .modelCrashed }
        switch status {
        case 401: return .unauthorized
        case 403: return .forbidden
        case 404 where said.contains("model"): return .modelNotFound
        case 408, 504: return .timedOut
        case 429: return .rateLimited
        case 499: return .requestCancelled
        case 502: return .cloudUnreachable
        case 503: return .serverBusy
        case let status? where 400..<500 ~= status: return .invalidRequest
        default: return .serverFault
        }
    }

    /// Some parsers name the tool that the model made up.
    private static func isLostTool(_ said: String) -> Bool {
        said.contains("tool '") && said.contains("not found") || said.contains("xml syntax")
    }

    private static func remedy(_ code: Code, _ signInURL: String?) -> String? {
        switch code {
        case .unauthorized:
            signInURL.map { "Sign in at \(shortened($0))" } ?? "Sign in with `ollama signin`, or set OLLAMA_API_KEY."
        case .modelNotFound: "Fetch it with `ollama pull`, or choose one that the server has."
        case .toolsUnsupported: "Choose a model that can call tools."
        case .thinkingUnsupported: "Leave the request to think out, or choose another model."
        case .rateLimited, .serverBusy: "Try again later."
        case .contextExceeded: "Offer fewer tools, start a new conversation, or ask for a larger num_ctx."
        case .modelCrashed: "The machine may be short of memory: try a smaller model or a smaller num_ctx."
        default: nil
        }
    }
}

extension String {
    fileprivate func trimmingSpace() -> String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
