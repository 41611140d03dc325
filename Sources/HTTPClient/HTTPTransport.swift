/// A type that sends HTTP requests.
///
/// ``CurlTransport`` sends requests with the system's libcurl. A test or a program can use another transport.
public protocol HTTPTransport: Sendable {
    /// Sends a request and waits for the head of the response.
    ///
    /// The function may be called from any task, several times at once. Any HTTP status is a response and not an error.
    /// A redirect is also a response, and is never followed.
    ///
    /// - Parameter request: The request.
    /// - Returns: The response. Its body arrives as it is read.
    /// - Throws: ``HTTPError``, or `CancellationError` if the task is cancelled.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse
}
