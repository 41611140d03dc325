import NIOHTTP1
import ToolJSON

/// What an exchange sends back.
struct Response {
    enum Body {
        case text(String)
        case json(JSON)
        /// One object a line, each sent on its own.
        case lines([JSON])
    }

    var status: HTTPResponseStatus = .ok
    var body: Body

    /// Methods that the path does take, when it was asked with another.
    var allowed: String?

    init(_ body: Body) {
        self.body = body
    }

    init(_ error: WireError) {
        status = HTTPResponseStatus(statusCode: error.status)
        body = .json(error.body)
    }

    var contentType: String {
        switch body {
        case .text: "text/plain; charset=utf-8"
        case .json: "application/json; charset=utf-8"
        case .lines: "application/x-ndjson"
        }
    }
}
