/// A type that sends HTTP requests.
///
/// ``CurlTransport`` is the one for real servers. A test or an embedding program may pass its own.
public protocol HTTPTransport: Sendable {
    /// Sends a request and waits for the head of the response.
    ///
    /// May be called from any task, several times at once. A status that is not a success is a response, not an error,
    /// and so is a redirect: it is never followed.
    ///
    /// - Returns: The response; its body arrives as it is read.
    /// - Throws: ``HTTPError``, or `CancellationError` if the task is cancelled.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse
}
