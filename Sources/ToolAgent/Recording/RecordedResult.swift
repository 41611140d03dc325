import OllamaClient
import ToolHost
import ToolJSON

/// The result of a call in a recording.
struct RecordedResult: Sendable {
    /// The position of the call in its message, from 0.
    let index: Int
    /// The name of the tool.
    let tool: String
    let status: ToolStatus
    /// The duration in seconds.
    let seconds: Double
    let parts: [ContentPart]
    let isFromOutside: Bool

    /// The maximum number of parts of a result.
    private static let maximumParts = 1024 + 1

    /// Reads a result; nil if it is not valid.
    init?(_ json: JSON) {
        guard let index = json["index"]?.int(in: 0...1 << 20), let tool = json["tool"]?.string,
            let status = json["status"]?.string.flatMap(ToolStatus.init), let values = json["parts"]?.array,
            values.count <= Self.maximumParts, let seconds = json["seconds"]?.double(in: 0...1e9)
        else { return nil }
        (self.index, self.tool, self.status, self.seconds) = (index, tool, status, seconds)
        isFromOutside = json["outside"]?.bool ?? false
        parts = values.compactMap(ContentPart.init(recorded:))
        guard parts.count == values.count else { return nil }
    }

    /// Returns the result of a call in a replay.
    func result(of call: ToolCall) -> ToolResult {
        ToolResult(
            call: call,
            status: status,
            parts: parts,
            duration: .seconds(seconds),
            isFromOutside: isFromOutside
        )
    }

    /// Writes the line of a result.
    static func line(_ index: Int, _ result: ToolResult) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("result")
        writer.beginObject()
        writer.key("index")
        writer.write(.int(index))
        writer.key("tool")
        writer.write(result.call.name)
        writer.key("status")
        writer.write(result.status.rawValue)
        writer.key("seconds")
        writer.write(.double(result.duration / .seconds(1)))
        writer.key("parts")
        writer.beginArray()
        for part in result.parts {
            writer.nextElement()
            part.write(to: &writer)
        }
        writer.endArray()
        if result.isFromOutside {
            writer.key("outside")
            writer.write(.bool(true))
        }
        writer.endObject()
        writer.endObject()
        return writer.finish() + [UInt8(ascii: "\n")]
    }
}

extension ContentPart {
    /// Reads a part; nil if it is not valid.
    fileprivate init?(recorded json: JSON) {
        guard let type = json["media_type"]?.string, (3...127).contains(type.utf8.count), type.utf8.contains(0x2F),
            type.utf8.allSatisfy({ 0x20...0x7E ~= $0 })
        else { return nil }
        if let text = json["text"]?.string {
            self.init(mediaType: type, bytes: Array(text.utf8))
        } else if let data = json["data"], let bytes = ChatMessage(["images": [data]]).images.first {
            // The images of a message are in base64, too.
            self.init(mediaType: type, bytes: bytes)
        } else {
            return nil
        }
    }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("media_type")
        writer.write(mediaType)
        if isText, let text = String(validating: bytes, as: UTF8.self) {
            writer.key("text")
            writer.write(text)
        } else {
            writer.key("data")
            writer.writeBase64(bytes)
        }
        writer.endObject()
    }
}
