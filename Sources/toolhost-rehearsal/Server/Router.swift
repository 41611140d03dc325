import Glibc
import LoopbackHTTP
import ToolJSON

/// The routes of the rehearsal's protocol, without any input or output.
struct Router {
    /// The version of the program, which is also that of the server.
    static let version = "0.1.0"

    /// Returns the response to a request.
    func response(_ method: String, _ uri: String, _ body: [UInt8]) -> Response {
        let path = uri.prefix { $0 != "?" }
        let allowed: [String]
        switch path {
        case "/", "/api/tags", "/api/ps", "/api/version": allowed = ["GET", "HEAD"]
        case "/api/chat", "/api/show": allowed = ["POST"]
        default: return Response(WireError(status: 404, message: "404 page not found"))
        }
        guard allowed.contains(method) else {
            var response = Response(WireError(status: 405, message: "405 method not allowed"))
            response.headers.append(("Allow", allowed.joined(separator: ", ")))
            return response
        }
        do throws(WireError) {
            switch path {
            case "/api/tags": return .json(ModelCard.tags)
            case "/api/ps": return .json(ModelCard.running)
            case "/api/version": return .json(["version": .string(Self.version)])
            case "/api/chat": return try chat(body)
            case "/api/show": return try show(body)
            default: return .text("toolhost-rehearsal is running (not a language model)\n")
            }
        } catch {
            return Response(error)
        }
    }

    private func parse(_ body: [UInt8]) throws(WireError) -> JSON {
        if body.isEmpty { throw WireError(status: 400, message: "missing request body") }
        do {
            return try JSON(parsing: body)
        } catch {
            throw WireError(status: 400, message: "the request body is not JSON: \(error)")
        }
    }

    private func show(_ body: [UInt8]) throws(WireError) -> Response {
        let request = try parse(body)
        let model = try text(request["model"] ?? request["name"], "ShowRequest.model") ?? ""
        if model.isEmpty { throw WireError(status: 400, message: "model is required") }
        guard ModelCard.isServed(model) else { throw .noSuchModel(model) }
        return .json(ModelCard.show)
    }

    private func chat(_ body: [UInt8]) throws(WireError) -> Response {
        let start = ContinuousClock.now
        let request = try ChatRequest(parse(body))
        guard ModelCard.isServed(request.model) else { throw .noSuchModel(request.model) }
        let reply = Rehearsal().reply(to: request)
        let writer = ReplyWriter(reply: reply, request: request, createdAt: Self.now(), elapsed: .now - start)
        return request.isStreaming ? .lines(writer.chunks) : .json(writer.whole)
    }

    /// Returns the current time in UTC, formatted by RFC 3339.
    private static func now() -> String {
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return String(unsafeUninitializedCapacity: 32) { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                strftime($0.baseAddress, $0.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
            }
        }
    }
}
