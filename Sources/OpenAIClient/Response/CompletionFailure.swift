package import OllamaClient
package import ToolJSON

/// A reader of the failures that a server reports in a response with a successful status.
package enum CompletionFailure {
    /// Returns the failure that a response or an event of a stream reports, or nil if it reports none.
    ///
    /// The usual form is `{"error": {"message": …, "code": …}}`. Older versions of vLLM send
    /// `{"object": "error", "message": …, "code": …}`.
    package static func error(in json: JSON) -> OllamaError? {
        let error: JSON
        if let member = json["error"], !member.isNull {
            error = member
        } else if json["object"]?.string == "error" {
            error = json
        } else {
            return nil
        }
        let reported = ServerMessage.reported(by: ["error": error]) ?? ""
        return OllamaError(status: status(of: error) ?? status(of: json), reported: reported, kind: .openAI)
    }

    /// Returns the HTTP status in an error: a number, or else the status of a code that is a word.
    private static func status(of error: JSON) -> Int? {
        for key in ["code", "status", "status_code"] {
            if let status = error[key]?.int(in: 400...599) { return status }
        }
        return switch error["code"]?.string ?? error["type"]?.string {
        case "rate_limit_exceeded"?, "insufficient_quota"?, "rate_limit_error"?: 429
        case "invalid_api_key"?, "authentication_error"?: 401
        case "invalid_request_error"?, "context_length_exceeded"?: 400
        case "model_not_found"?: 404
        case "server_error"?, "internal_error"?: 500
        case "overloaded_error"?, "unavailable_error"?: 503
        default: nil
        }
    }
}
