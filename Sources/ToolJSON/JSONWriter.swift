/// A writer of JSON text, into one array or in pieces of bounded size.
///
/// A writer with a sink buffers at most two pieces, regardless of the length of the text: strings can be appended in
/// parts, and a long string is escaped part by part. No piece ends inside a character.
///
/// The caller is responsible for the grammar: call ``nextElement()`` before each element of an array and ``key(_:)``
/// before each value of an object.
///
/// ```swift
/// var writer = JSONWriter()
/// writer.beginObject()
/// writer.key("city")
/// writer.write("Lyon")
/// writer.endObject()
/// let bytes = writer.finish()    // {"city":"Lyon"}
/// ```
package struct JSONWriter {
    /// The minimum length at which the buffer is passed to the sink, in bytes.
    static let pieceBytes = 64 << 10

    var buffer: [UInt8] = []
    let sink: (([UInt8]) -> Void)?
    private let isPretty: Bool
    /// The length of the buffer beyond which ``write(_:)`` stops, or -1 once the text is known to be longer.
    var limit = Int.max
    private var depth = 0
    /// True if the innermost open array or object has no values yet.
    private var isEmpty = true

    /// Creates a writer that collects the whole text.
    package init(_ style: JSONStyle = .compact) {
        isPretty = style == .pretty
        sink = nil
    }

    /// Creates a writer of compact text that stops soon after the text is known to be longer than `limit` bytes.
    init(limit: Int) {
        self.init()
        self.limit = limit
    }

    /// Creates a writer that passes the text to a sink, piece by piece.
    package init(_ style: JSONStyle = .compact, sink: @escaping ([UInt8]) -> Void) {
        isPretty = style == .pretty
        self.sink = sink
    }

    /// Ends the text and passes the rest to the sink, if there is one.
    ///
    /// - Returns: The whole text, or an empty array if there is a sink.
    package mutating func finish() -> [UInt8] {
        defer { buffer = [] }
        guard let sink else { return buffer }
        if !buffer.isEmpty { sink(buffer) }
        return []
    }

    /// Writes a whole value.
    ///
    /// Writing stops early once the text is longer than the limit.
    package mutating func write(_ value: JSON) {
        guard buffer.count <= limit else { return }
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .number(let number): number.withUTF8 { buffer.append(contentsOf: $0) }
        case .string(let text): write(text)
        case .array(let elements):
            beginArray()
            for element in elements where buffer.count <= limit {
                nextElement()
                write(element)
            }
            endArray()
        case .object(let members):
            beginObject()
            for (key, value) in members where buffer.count <= limit {
                self.key(key)
                write(value)
            }
            endObject()
        }
    }

    /// Writes a value that is valid JSON text already.
    package mutating func write(json text: [UInt8]) {
        guard let sink, text.count >= Self.pieceBytes else { return buffer.append(contentsOf: text) }
        if !buffer.isEmpty { sink(buffer) }
        buffer.removeAll(keepingCapacity: true)
        sink(text)
    }

    // MARK: - Arrays and objects

    /// Begins an array.
    package mutating func beginArray() { open(UInt8(ascii: "[")) }

    /// Ends the innermost array.
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Begins an object.
    package mutating func beginObject() { open(UInt8(ascii: "{")) }

    /// Ends the innermost object.
    package mutating func endObject() { close(UInt8(ascii: "}")) }

    /// Begins the next element of an array.
    package mutating func nextElement() {
        if !isEmpty { buffer.append(UInt8(ascii: ",")) }
        isEmpty = false
        breakLine()
        flushIfFull()
    }

    /// Begins the next member of an object.
    package mutating func key(_ name: String) {
        nextElement()
        write(name)
        buffer.append(UInt8(ascii: ":"))
        if isPretty { buffer.append(UInt8(ascii: " ")) }
    }

    private mutating func open(_ bracket: UInt8) {
        buffer.append(bracket)
        depth += 1
        isEmpty = true
    }

    private mutating func close(_ bracket: UInt8) {
        depth -= 1
        if !isEmpty { breakLine() }
        isEmpty = false
        buffer.append(bracket)
    }

    private mutating func breakLine() {
        guard isPretty else { return }
        buffer.append(UInt8(ascii: "\n"))
        buffer.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { buffer.append(contentsOf: $0) }
    }

    /// Passes the buffer to the sink once it is long enough.
    mutating func flushIfFull() {
        guard let sink, buffer.count >= Self.pieceBytes else { return }
        sink(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
