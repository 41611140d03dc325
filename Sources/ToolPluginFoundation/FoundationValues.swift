// The expansions of macros name these types, so they must be visible to every file that imports this module.
@_exported import struct Foundation.Data
@_exported import struct Foundation.Date
@_exported import struct Foundation.URL
@_exported import struct Foundation.UUID
@_exported import ToolPlugin

extension Date: ToolScalar {
    /// A date and time in the format of RFC 3339, such as `2026-03-01T14:30:00Z`.
    public static var toolSchema: JSONObject { ["type": "string", "format": "date-time"] }

    public init(toolValue: JSON) throws(ToolValueError) {
        // RFC 3339 allows lowercase letters.
        let text = (toolValue.string ?? "").uppercased()
        let styles: [Date.ISO8601FormatStyle] = [.iso8601, Date.ISO8601FormatStyle(includingFractionalSeconds: true)]
        for style in styles {
            if let date = try? Date(text, strategy: style) {
                self = date
                return
            }
        }
        throw ToolValueError(expected: "a date and time like 2026-03-01T14:30:00Z", found: toolValue)
    }

    public var toolValue: JSON {
        let isWhole = timeIntervalSince1970 == timeIntervalSince1970.rounded()
        return .string(formatted(isWhole ? .iso8601 : Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }
}

extension URL: ToolScalar {
    /// A URI with a scheme.
    public static var toolSchema: JSONObject { ["type": "string", "format": "uri"] }

    public init(toolValue: JSON) throws(ToolValueError) {
        guard let url = toolValue.string.flatMap(URL.init(string:)), url.scheme != nil else {
            throw ToolValueError(expected: "a URL like https://example.org/page", found: toolValue)
        }
        self = url
    }

    public var toolValue: JSON { .string(absoluteString) }
}

extension UUID: ToolScalar {
    /// A UUID, such as `123e4567-e89b-12d3-a456-426614174000`.
    public static var toolSchema: JSONObject { ["type": "string", "format": "uuid"] }

    public init(toolValue: JSON) throws(ToolValueError) {
        guard let identifier = toolValue.string.flatMap(UUID.init(uuidString:)) else {
            throw ToolValueError(expected: "a UUID like 123e4567-e89b-12d3-a456-426614174000", found: toolValue)
        }
        self = identifier
    }

    public var toolValue: JSON { .string(uuidString.lowercased()) }
}

extension Data: ToolScalar {
    /// Bytes in base64.
    public static var toolSchema: JSONObject { ["type": "string", "contentEncoding": "base64"] }

    public init(toolValue: JSON) throws(ToolValueError) {
        guard let data = toolValue.string.flatMap({ Data(base64Encoded: $0) }) else {
            throw ToolValueError(expected: "bytes in base64", found: toolValue)
        }
        self = data
    }

    public var toolValue: JSON { .string(base64EncodedString()) }
}
