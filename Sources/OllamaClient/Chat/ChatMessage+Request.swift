import FoundationEssentials
public import ToolJSON

extension ChatMessage {
    /// The message for a request: always with `content`, and with the other members that are not empty.
    public var json: JSON {
        var members = JSONObject()
        forEachMember { name, value in
            switch value {
            case .text(let text): members[name] = .string(text)
            case .images(let images): members[name] = .array(images.map { .string(Data($0).base64EncodedString()) })
            case .calls(let calls): members[name] = .array(calls)
            }
        }
        return .object(members)
    }

    /// Writes ``json`` without a copy of the texts and images.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        forEachMember { name, value in
            writer.key(name)
            switch value {
            case .text(let text): writer.write(text)
            case .images(let images):
                writer.beginArray()
                for image in images {
                    writer.nextElement()
                    writer.writeBase64(image)
                }
                writer.endArray()
            case .calls(let calls): writer.write(.array(calls))
            }
        }
        writer.endObject()
    }

    private enum MemberValue {
        case text(String)
        case images([[UInt8]])
        case calls([JSON])
    }

    private func forEachMember(_ body: (_ name: String, MemberValue) -> Void) {
        body("role", .text(role.rawValue))
        body("content", .text(content))
        if let thinking, !thinking.isEmpty { body("thinking", .text(thinking)) }
        if !images.isEmpty { body("images", .images(images)) }
        if !toolCalls.isEmpty {
            // Arguments in a string are parsed: the limit of one JSON value applies to all of them together.
            let values = JSONLimits().values / toolCalls.count
            body("tool_calls", .calls(toolCalls.map { $0.json(maximumValues: values) }))
        }
        if let toolName { body("tool_name", .text(toolName)) }
        if let toolCallID { body("tool_call_id", .text(toolCallID)) }
    }
}
