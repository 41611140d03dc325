import LoopbackHTTP
import ToolJSON

extension Response {
    /// Returns a response with one JSON value.
    static func json(_ value: JSON) -> Response {
        Response(
            headers: [("Content-Type", "application/json; charset=utf-8")],
            body: .whole(value.bytes())
        )
    }

    /// Returns a stream of JSON values, each on a separate line.
    static func lines(_ values: [JSON]) -> Response {
        Response(
            headers: [("Content-Type", "application/x-ndjson")],
            body: .chunks(values.map { $0.bytes() + [UInt8(ascii: "\n")] })
        )
    }

    /// Creates the response that reports an error.
    init(_ error: WireError) {
        self = .json(error.body)
        status = error.status
    }
}
