import HTTPClient
import TestSupport
import Testing

/// A scripted server has the role of the proxy.
///
/// The names of the servers behind it do not exist.
@Suite("A proxy", .timeLimit(.minutes(10)))
struct ProxyTests {
    private func transport(_ proxy: ScriptedServer) -> CurlTransport {
        var configuration = CurlTransport.Configuration()
        configuration.proxy = .url("http://\(proxy.address)")
        return CurlTransport(configuration)
    }

    @Test("a proxy receives the whole address of a plain request, and its response is returned")
    func plain() async throws {
        let proxy = try ScriptedServer([.body("from afar")])
        defer { proxy.stop() }
        let received = try await transport(proxy).receive(HTTPRequest(.get, "http://model.invalid/api/tags"))
        #expect(received.text == "from afar")
        #expect(proxy.requests[0].path == "http://model.invalid/api/tags")
    }

    @Test("a proxy is asked for a tunnel for https, and receives none of the request's headers")
    func tunnel() async throws {
        let proxy = try ScriptedServer([ScriptedServer.Reply.body("no", status: 403).thenClosing])
        defer { proxy.stop() }
        let request = HTTPRequest(.get, "https://model.invalid/", headers: [HTTPHeader("Authorization", "Bearer key")])
        let received = try await transport(proxy).receive(request)
        #expect(received.error?.code == .connectionFailed)
        #expect(received.error?.reason.contains("403") == true, "\(received)")
        #expect(proxy.requests[0].method == "CONNECT" && proxy.requests[0].path == "model.invalid:443")
        #expect(proxy.requests[0].header("authorization") == nil)
    }

    @Test(
        "a malformed reply of a proxy to a tunnel request is an error and not a response",
        arguments: [
            "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nHi", "garbage\r\n\r\n", "",
            "HTTP/1.1 200", "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n",
            "HTTP/1.1 307 Moved\r\nLocation: http://elsewhere.invalid/\r\nContent-Length: 0\r\n\r\n",
        ]
    )
    func lies(answer: String) async throws {
        let proxy = try ScriptedServer([ScriptedServer.Reply.raw([Array(answer.utf8)]).thenClosing])
        defer { proxy.stop() }
        let received = try await transport(proxy).receive(HTTPRequest(.get, "https://model.invalid/"))
        #expect(received.error != nil && received.status == nil && received.body.isEmpty, "\(received)")
    }

    @Test("a proxy that redirects to itself is asked once")
    func loops() async throws {
        let proxy = try ScriptedServer(Array(repeating: .redirect(to: "http://model.invalid/"), count: 3))
        defer { proxy.stop() }
        #expect(try await transport(proxy).receive(HTTPRequest(.get, "http://model.invalid/")).status == 307)
        #expect(proxy.requests.count == 1)
    }

    @Test("a proxy that does not answer times out")
    func hangs() async throws {
        let proxy = try ScriptedServer([.raw([])])
        defer { proxy.stop() }
        var request = HTTPRequest(.get, "https://model.invalid/")
        request.timeouts.connect = .milliseconds(200)
        #expect(try await transport(proxy).receive(request).error?.code == .connectTimedOut)
    }

    @Test("an unreachable proxy is named in the error")
    func absent() async throws {
        let proxy = try ScriptedServer([])
        let transport = transport(proxy)
        proxy.stop()
        await proxy.stopped()
        let error = try await transport.receive(HTTPRequest(.get, "http://model.invalid/")).error
        #expect(error?.code == .connectionFailed)
        #expect(error?.reason.contains("127.0.0.1 port \(proxy.port)") == true, "\(String(describing: error))")
    }

    @Test(
        "a malformed address of a proxy is an error that does not contain the password",
        arguments: ["http://user:secret@proxy:99999", "http://user:secret@a b", "other://user:secret@proxy:1"]
    )
    func malformed(proxy: String) async throws {
        var configuration = CurlTransport.Configuration()
        configuration.proxy = .url(proxy)
        let error = try await CurlTransport(configuration).receive(HTTPRequest(.get, "http://model.invalid/")).error
        #expect(error?.code == .connectionFailed)
        #expect(error?.reason.contains("proxy") == true && error?.reason.contains("secret") == false)
    }

    @Test("a proxy is never used for a server on this machine")
    func loopback() async throws {
        let proxy = try ScriptedServer([])
        let server = try ScriptedServer([.body("near")])
        defer {
            proxy.stop()
            server.stop()
        }
        #expect(try await transport(proxy).receive(server.request()).text == "near")
        #expect(proxy.connections == 0)
    }
}
