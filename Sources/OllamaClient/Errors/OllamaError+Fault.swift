extension OllamaError {
    /// A class of failures, by the answer to the question whether the same request is worth sending again.
    package enum Fault: Sendable, Hashable, CaseIterable {
        /// The connection was lost, or the response ended before its last piece.
        case connectionLost
        /// The server has too many requests.
        case busy
        /// The process of the model exited.
        case crash
        /// The model made a call that the server could not read.
        case unreadableCall
        /// The server failed for a reason that is not known to be permanent.
        case unknown
        /// The same request fails each time, or the user must act first.
        case permanent
    }

    /// The class of the failure.
    package var fault: Fault {
        switch code {
        case .incompleteResponse: .connectionLost
        case .serverBusy, .rateLimited: .busy
        case .modelCrashed: .crash
        case .toolCallUnparsable: .unreadableCall
        case .serverFault: .unknown
        default: .permanent
        }
    }
}
