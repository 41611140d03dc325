import ToolJSON

extension OllamaClient {
    /// Returns the body of a request.
    ///
    /// - Parameter write: Writes the JSON value.
    /// - Throws: ``OllamaError`` if the body is longer than ``maximumBytes``.
    func body(_ write: (inout JSONWriter) -> Void) throws(OllamaError) -> [UInt8] {
        var body: [UInt8] = []
        var isTooLong = false
        var writer = JSONWriter { [maximumBytes] piece in
            isTooLong = isTooLong || piece.count > maximumBytes - body.count
            if !isTooLong { body += piece }
        }
        write(&writer)
        _ = writer.finish()
        guard !isTooLong else {
            throw OllamaError(
                .invalidRequest,
                message: "The request is longer than \(maximumBytes) bytes, so it was not sent. "
                    + "Start a new conversation.",
                remedy: .shortenConversation
            )
        }
        return body
    }
}
