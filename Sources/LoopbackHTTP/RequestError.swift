/// The reason why a request is refused.
///
/// The connection cannot be used for another request.
package struct RequestError: Error, Equatable {
    /// The status code of the response.
    package let status: Int
    /// A sentence for the client without a full stop.
    package let message: String

    static func malformed(_ message: String) -> RequestError { RequestError(status: 400, message: message) }

    static func bodyTooLarge(maximum: Int) -> RequestError {
        RequestError(status: 413, message: "the request body is larger than \(maximum) bytes")
    }
}
