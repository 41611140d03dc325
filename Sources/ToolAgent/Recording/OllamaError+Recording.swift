import OllamaClient
import ToolJSON

extension OllamaError {
    private static let codes: [Code] = [
        .connectionFailed, .timedOut, .invalidRequest, .unauthorized, .forbidden, .modelNotFound, .toolsUnsupported,
        .thinkingUnsupported, .chatUnsupported, .imagesUnsupported, .rateLimited, .requestCancelled, .serverBusy,
        .contextExceeded, .toolCallUnparsable, .modelCrashed, .cloudUnreachable, .serverFault, .invalidResponse,
        .incompleteResponse, .redirected, .certificateRejected, .transportUnavailable,
    ]

    /// Creates the error of a recorded failure.
    ///
    /// A failure with a code that this version does not know counts as an invalid response, which is not retried.
    init(recorded json: JSON) {
        let name = json["code"]?.string ?? ""
        let code = Self.codes.first { $0.description.hasSameBytes(as: name) } ?? .invalidResponse
        self.init(code, message: String((json["message"]?.string ?? "").prefix(2000)))
    }

    /// Returns the record of an error.
    static func record(of error: any Error) -> JSONObject {
        let message = String("\(error)".prefix(2000))
        let code = (error as? OllamaError)?.code.description ?? (error as? AgentError)?.code.description
        var members: JSONObject = ["message": .string(message)]
        if let code { members["code"] = .string(code) }
        return members
    }
}
