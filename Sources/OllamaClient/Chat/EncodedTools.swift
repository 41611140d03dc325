package import ToolJSON

/// The tools of a request with their JSON text.
///
/// A conversation sends the same tools with each request, so the text is made once.
package struct EncodedTools: Sendable, Hashable {
    /// The elements of a request's `tools`.
    package let tools: [JSON]
    /// The elements as JSON text with commas between them.
    let text: [UInt8]

    /// Creates the text of tools.
    package init(_ tools: [JSON]) { self.init(tools, texts: tools.map { $0.bytes() }) }

    /// Creates tools whose text is known.
    ///
    /// - Parameters:
    ///   - tools: The tools.
    ///   - texts: The JSON text of each tool.
    package init(_ tools: [JSON], texts: [[UInt8]]) {
        self.tools = tools
        text = Array(texts.joined(separator: [UInt8(ascii: ",")]))
    }

    /// The length of the text in bytes.
    package var byteCount: Int { text.count }

    package func write(to writer: inout JSONWriter) {
        writer.beginArray()
        writer.nextElement()
        writer.write(json: text)
        writer.endArray()
    }
}
