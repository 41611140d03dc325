public import ToolJSON

extension ScriptedServer {
    /// A request as it was received.
    public struct Request: Sendable {
        /// The method, such as `POST`.
        public let method: String
        /// The request target as received: a path with its query.
        ///
        /// A client of a proxy sends an absolute URI, or with `CONNECT` a host with a port.
        public let path: String
        /// The headers in the order received, with names in lower case.
        public let headers: [(name: String, value: String)]
        /// The body.
        public let body: [UInt8]
        /// The number of the connection, from 0 in the order in which the server began to serve them.
        public let connection: Int

        /// Returns the value of the first header with this name.
        public func header(_ name: String) -> String? {
            headers.first { $0.name == name.lowercased() }?.value
        }

        /// The body as JSON.
        public var json: JSON {
            get throws { try JSON(parsing: body) }
        }

        /// The body as a string.
        public var text: String { String(decoding: body, as: UTF8.self) }
    }
}
