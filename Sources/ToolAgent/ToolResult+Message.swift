public import OllamaClient
public import ToolHost
package import ToolJSON

extension ToolResult {
    /// Returns the result as a message to the model: the call's name and id, the text and the images.
    ///
    /// - Parameter limit: The maximum number of characters (Unicode scalars) of the text. The middle of a longer text
    ///   is omitted.
    public func chatMessage(limit: Int = .max) -> ChatMessage {
        ChatMessage(
            role: .tool,
            content: ResultTrimming(limit: limit).text { forEachTextPiece($0) },
            images: images,
            toolName: call.name,
            toolCallID: call.id
        )
    }

    /// Writes the message to the model, as ``ChatMessage/json`` has it.
    ///
    /// A whole text and the images are written in pieces, so that no second copy of them is made.
    ///
    /// - Parameter limit: The maximum number of characters (Unicode scalars) of the text; `Int.max` for all of them.
    package func writeMessage(limit: Int, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("role")
        writer.write(ChatMessage.Role.tool.rawValue)
        writer.key("content")
        if limit == .max {
            writeText(to: &writer)
        } else {
            writer.write(ResultTrimming(limit: limit).text { forEachTextPiece($0) })
        }
        let images = images
        if !images.isEmpty {
            writer.key("images")
            writer.beginArray()
            for image in images {
                writer.nextElement()
                writer.writeBase64(image)
            }
            writer.endArray()
        }
        writer.key("tool_name")
        writer.write(call.name)
        if let id = call.id {
            writer.key("tool_call_id")
            writer.write(id)
        }
        writer.endObject()
    }

    /// Writes the text as a JSON string, in pieces.
    package func writeText(to writer: inout JSONWriter) {
        writer.beginString()
        forEachTextPiece { writer.append(toString: $0) }
        writer.endString()
    }
}
