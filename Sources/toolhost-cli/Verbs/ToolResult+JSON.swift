import OllamaClient
import ToolAgent
import ToolHost
import ToolJSON
import ToolSchema

extension ToolResult {
    /// The whole result as JSON.
    var json: JSON {
        var members = beginning
        members["text"] = .string(text)
        for (key, value) in details { members[key] = value }
        return .object(members)
    }

    /// Writes the result as ``json`` has it.
    ///
    /// Text and data are written in pieces, so that no second copy of them is made.
    ///
    /// - Parameter withParts: True to write all parts of the result, too: text unchanged, and other data in base64.
    func write(to writer: inout JSONWriter, withParts: Bool = false) {
        writer.beginObject()
        for (key, value) in beginning {
            writer.key(key)
            writer.write(value)
        }
        writer.key("text")
        writeText(to: &writer)
        if withParts { writeParts(to: &writer) }
        for (key, value) in details {
            writer.key(key)
            writer.write(value)
        }
        writer.endObject()
    }

    private func writeParts(to writer: inout JSONWriter) {
        writer.key("parts")
        writer.beginArray()
        for part in parts {
            writer.nextElement()
            writer.beginObject()
            writer.key("media_type")
            writer.write(part.mediaType)
            writer.key(part.isText ? "text" : "data")
            if part.isText {
                writer.beginString()
                part.bytes.forEachTextPiece { writer.append(toString: $0) }
                writer.endString()
            } else {
                writer.writeBase64(part.bytes)
            }
            writer.endObject()
        }
        writer.endArray()
    }

    /// The members before the text.
    private var beginning: JSONObject {
        ["tool": .string(call.name), "arguments": call.arguments, "status": .string(status.rawValue)]
    }

    /// The members after the text.
    private var details: JSONObject {
        var members: JSONObject = ["seconds": .double(duration.inSeconds)]
        if let sandbox { members["sandbox"] = sandbox.json }
        if let id = call.id { members["id"] = .string(id) }
        if !images.isEmpty { members["images"] = .int(images.count) }
        if !coercions.isEmpty { members["coercions"] = .array(coercions.map(\.json)) }
        if !violations.isEmpty { members["violations"] = .array(violations.map(\.json)) }
        if let remedy { members["remedy"] = .string(remedy.sentence) }
        if !notes.isEmpty { members["notes"] = .array(notes.map(JSON.string)) }
        return members
    }
}
