import OllamaClient

/// A splitter of a byte stream into the data of server-sent events, independent of how the network divides the stream.
///
/// It follows the WHATWG's definition, and accepts three deviations of servers: an error in a field `error`, an object
/// on a line without a field, and a last event without a blank line after it.
package struct EventSplitter {
    /// The beginning of a line that is not complete yet.
    private var line: [UInt8] = []
    /// The data of the event that is not complete yet, or nil if it has none.
    private var data: [UInt8]?
    /// True after a carriage return, which may be the first half of a line break.
    private var isAfterReturn = false
    private var isFirstLine = true
    private let limit: Int

    /// Creates a splitter.
    ///
    /// - Parameter limit: The maximum length of an event, in bytes.
    package init(limit: Int) { self.limit = limit }

    /// Adds the next bytes.
    ///
    /// - Returns: The data of the events that are complete now. Comments and other fields are ignored.
    /// - Throws: `OllamaError` if an event is longer than the limit.
    package mutating func add(_ bytes: [UInt8]) throws(OllamaError) -> [[UInt8]] {
        var events: [[UInt8]] = []
        var rest = bytes[...]
        while let byte = rest.first {
            if isAfterReturn, byte == UInt8(ascii: "\n") { rest = rest.dropFirst() }
            isAfterReturn = false
            let part = rest.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            guard part.count <= limit - line.count - (data?.count ?? 0) else { throw .tooLong(limit) }
            line += part
            rest = rest.dropFirst(part.count)
            guard let end = rest.popFirst() else { break }
            isAfterReturn = end == UInt8(ascii: "\r")
            if let event = endLine() { events.append(event) }
        }
        return events
    }

    /// Returns the data of the last event at the end of the stream, or nil if there is none.
    package mutating func finish() -> [UInt8]? {
        if let event = endLine() { return event }
        defer { data = nil }
        return data
    }

    /// Handles a whole line.
    ///
    /// - Returns: The data of the event that it ends, if it is blank.
    private mutating func endLine() -> [UInt8]? {
        var content = line[...]
        line = []
        if isFirstLine, content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }
        isFirstLine = isFirstLine && content.isEmpty
        guard let first = content.first else {
            defer { data = nil }
            return data
        }
        let name = content.prefix { $0 != UInt8(ascii: ":") }
        let value = content.dropFirst(name.count + 1)
        if first == UInt8(ascii: "{") {
            append(content)
        } else if name.elementsEqual("data".utf8) {
            append(value.first == UInt8(ascii: " ") ? value.dropFirst() : value)
        } else if name.elementsEqual("error".utf8) {
            // The same error in the form that other servers have.
            append(Array(#"{"error":"#.utf8) + value + [UInt8(ascii: "}")])
        }
        return nil
    }

    private mutating func append(_ value: some Collection<UInt8>) {
        if data == nil { data = Array(value) } else { data? += [UInt8(ascii: "\n")] + value }
    }
}
