import HTTPClient

extension OllamaError {
    /// The error for a response that ended without its last piece.
    public static var incompleteResponse: OllamaError {
        OllamaError(
            .incompleteResponse,
            message: "The response ended before it was complete; none of its calls were run. Ask again.",
            remedy: .waitAndRetry
        )
    }

    /// Creates the error for a failure of the transport.
    ///
    /// - Parameters:
    ///   - error: The failure.
    ///   - url: The address of the server, for people.
    ///   - isLoopback: True if the server is on this machine.
    ///   - kind: The kind of server.
    init(_ error: HTTPError, _ url: String, isLoopback: Bool, kind: ServerKind = .ollama) {
        let reason = ServerMessage.shortened(error.reason)
        let (code, message, remedy): (Code, String, Remedy?) =
            switch error.code {
            case .libraryUnavailable:
                (.transportUnavailable, "No request can be sent: \(reason).", nil)
            case .invalidRequest:
                (.invalidRequest, "The request to \(url) cannot be sent: \(reason).", nil)
            case .connectionFailed:
                (.connectionFailed, Self.noServer(url, reason, kind), isLoopback ? .startServer : .setHostVariable)
            case .connectTimedOut:
                (
                    .connectionFailed, Self.noServer(url, "no response within the timeout", kind),
                    isLoopback ? .startServer : .setHostVariable
                )
            case .certificateRejected:
                (
                    .certificateRejected,
                    "The certificate of the server at \(url) was rejected (\(reason)), so nothing was sent. To trust the "
                        + "server's own authority, add its certificate to the system's certificates, or name its file "
                        + "in SSL_CERT_FILE.",
                    .addCertificate
                )
            case .responseTimedOut:
                (.timedOut, Self.silent(url, "its response did not begin"), .waitAndRetry)
            case .bodyTimedOut:
                (.timedOut, Self.silent(url, "its response stopped"), .waitAndRetry)
            case .invalidResponse:
                (
                    .invalidResponse, "The response of the server at \(url) is not valid HTTP: \(reason).",
                    .setHostVariable
                )
            default:
                (.incompleteResponse, "The connection to \(url) was lost (\(reason)). Ask again.", .waitAndRetry)
            }
        let package = error.remedy?.kind == .install ? error.remedy?.subject : nil
        self.init(
            code,
            message: message,
            remedy: package.map { .install(package: $0) } ?? Self.remedy(remedy, for: kind),
            underlyingError: error
        )
    }

    private static func noServer(_ url: String, _ reason: String, _ kind: ServerKind) -> String {
        "No \(kind.name) server responds at \(url) (\(reason)). If the server runs elsewhere, set "
            + "\(kind.addressVariable) to its address."
    }

    private static func silent(_ url: String, _ event: String) -> String {
        "The server at \(url) was silent for too long: \(event). Ask again later."
    }

    /// Returns the error for a line or a response that is longer than a limit in bytes.
    package static func tooLong(_ limit: Int) -> OllamaError {
        OllamaError(
            .invalidResponse,
            message: "The server sent more than \(limit) bytes in one piece, so the response was discarded."
        )
    }

    /// Returns the error for a response, or a line of one, that is not JSON of the expected form.
    package static func notJSON(
        _ bytes: [UInt8],
        _ reason: String,
        status: Int,
        kind: ServerKind = .ollama,
        underlyingError: (any Error)? = nil
    ) -> OllamaError {
        let text = ServerMessage.shown(ServerMessage.plain(bytes))
        return OllamaError(
            .invalidResponse,
            message: "The response (status \(status)) is not one of an \(kind.name) server (\(reason)): "
                + (text.isEmpty ? "it is empty." : text),
            underlyingError: underlyingError
        )
    }
}
