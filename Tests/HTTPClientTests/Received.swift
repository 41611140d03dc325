import HTTPClient
import TestSupport

/// The outcome of a request: the response, the received bytes, and the error that ended them, if any.
struct Received: Sendable {
    var status: Int?
    var headers: [HTTPHeader] = []
    var body: [UInt8] = []
    var error: HTTPError?

    var text: String { String(decoding: body, as: UTF8.self) }
}

extension HTTPTransport {
    /// Sends a request and reads its whole response.
    func receive(_ request: HTTPRequest) async throws -> Received {
        var received = Received()
        do {
            let response = try await send(request)
            (received.status, received.headers) = (response.status, response.headers)
            for try await piece in response.body { received.body += piece }
        } catch let error as HTTPError {
            received.error = error
        }
        return received
    }
}

extension ScriptedServer {
    /// Returns a request to this server with timeouts that a test can wait for.
    func request(
        _ method: HTTPRequest.Method = .get,
        _ path: String = "/",
        body: [UInt8]? = nil,
        idle: Duration = .seconds(60)
    ) -> HTTPRequest {
        var request = HTTPRequest(method, "http://\(address)\(path)", body: body)
        (request.timeouts.firstByte, request.timeouts.idle) = (idle, idle)
        return request
    }
}
