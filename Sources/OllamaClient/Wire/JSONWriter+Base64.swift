import FoundationEssentials
package import ToolJSON

extension JSONWriter {
    /// Writes bytes as a string in base64, in pieces.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - prefix: The beginning of the string.
    package mutating func writeBase64(_ bytes: [UInt8], prefix: String = "") {
        // Three bytes are four letters, so all pieces but the last one are whole groups.
        let pieceBytes = 3 << 14
        beginString()
        append(toString: prefix)
        for start in stride(from: 0, to: bytes.count, by: pieceBytes) {
            append(toString: Data(bytes[start..<min(start + pieceBytes, bytes.count)]).base64EncodedString())
        }
        endString()
    }
}
