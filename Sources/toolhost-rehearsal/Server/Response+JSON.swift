import LoopbackHTTP
import ToolJSON

extension Response {
    /// A response with one JSON value.
    static func json(_ value: JSON) -> Response {
        Response(
            headers: [("Content-Type", "application/json; charset=utf-8")],
            body: .whole(value.bytes())
        )
    }

    /// A stream of JSON values, each sent as a line of its own.
    static func lines(_ values: [JSON]) -> Response {
        Response(
            headers: [("Content-Type", "application/x-ndjson")],
            body: .chunks(values.map { $0.bytes() + [UInt8(ascii: "\n")] })
        )
    }

    /// The response that reports an error.
    init(_ error: WireError) {
        self = .json(error.body)
        status = error.status
    }
}
