public import OllamaClient
public import ToolHost
package import ToolJSON

extension ToolResult {
    /// Returns the result as a message to the model: the call's name and id, the text and the images.
    ///
    /// Control tokens of model families and hidden characters in the text become visible: `<·|im_start|>`, `␛`, `�`.
    ///
    /// - Parameter limit: The maximum number of characters (Unicode scalars) of the text. The middle of a longer text
    ///   is omitted.
    public func chatMessage(limit: Int = .max) -> ChatMessage { checkedMessage(limit: limit).message }

    /// Returns the message to the model, and the number of changes that made its text harmless.
    ///
    /// - Parameters:
    ///   - tokens: The control tokens of the model.
    ///   - handle: The handle of the whole text, which the message names if a part is omitted.
    func checkedMessage(
        limit: Int,
        tokens: ControlTokens = .common,
        handle: String? = nil
    ) -> (message: ChatMessage, findings: TextFindings) {
        let (content, findings) = modelText(limit: limit, tokens: tokens, handle: handle)
        let message = ChatMessage(
            role: .tool,
            content: content,
            images: images,
            toolName: call.name,
            toolCallID: call.id,
            outsideSources: isFromOutside ? [call.name] : []
        )
        return (message, findings)
    }

    private func modelText(
        limit: Int,
        tokens: ControlTokens = .common,
        handle: String? = nil
    ) -> (String, TextFindings) {
        var findings = TextFindings()
        let text = ResultTrimming(limit: limit, handle: handle).text { body in
            findings = forEachModelPiece(tokens: tokens, body)
        }
        return (text, findings)
    }

    /// Calls a closure with the pieces of the text that the model gets, and returns the number of changes.
    func forEachModelPiece(tokens: ControlTokens = .common, _ body: (String) -> Void) -> TextFindings {
        var neutraliser = TextNeutraliser(tokens: tokens)
        forEachTextPiece { body(neutraliser.neutralised($0)) }
        body(neutraliser.end())
        return neutraliser.findings
    }

    /// Writes the message to the model, as ``ChatMessage/json`` has it.
    ///
    /// A whole text and the images are written in pieces, so that no second copy of them is made.
    ///
    /// - Parameter limit: The maximum number of characters (Unicode scalars) of the text; `Int.max` for all of them.
    /// - Returns: The number of changes that made the text harmless.
    @discardableResult
    package func writeMessage(limit: Int, to writer: inout JSONWriter) -> TextFindings {
        var findings = TextFindings()
        writer.beginObject()
        writer.key("role")
        writer.write(ChatMessage.Role.tool.rawValue)
        writer.key("content")
        if limit == .max {
            writer.beginString()
            findings = forEachModelPiece { writer.append(toString: $0) }
            writer.endString()
        } else {
            let content: String
            (content, findings) = modelText(limit: limit)
            writer.write(content)
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
        return findings
    }

    /// Writes the text as a JSON string, in pieces.
    package func writeText(to writer: inout JSONWriter) {
        writer.beginString()
        forEachTextPiece { writer.append(toString: $0) }
        writer.endString()
    }
}
