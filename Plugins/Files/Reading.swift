import Glibc
import ToolPlugin

/// The content of text files.
enum Reading {
    /// Returns a part of a text file, in whole characters, with a note if there is more.
    static func text(_ root: Root, _ path: RelativePath, offset: Int, limit: Int) throws(ToolError) -> String {
        let file = try root.file(path)
        var status = stat()
        guard fstat(file.number, &status) == 0 else { throw .error("\(path.text) cannot be read") }
        let size = Int(status.st_size)
        guard offset <= size else {
            throw .invalidArguments("offset: the file has \(size) bytes")
        }
        let bytes = try file.bytes(at: offset, limit: limit)
        guard let (text, cut) = text(bytes) else {
            throw .error("\(path.text) is not a text file; it has \(size) bytes of binary data")
        }
        // The next part begins with the character at the end that is incomplete.
        let end = offset + bytes.count - (offset + bytes.count < size ? cut : 0)
        return end < size ? "\(text)\n[\(size - end) more bytes; continue with offset \(end)]" : text
    }

    /// Decodes bytes as text.
    ///
    /// The end of a character at the beginning is dropped too.
    ///
    /// - Returns: The text, and the number of bytes of an incomplete character at the end; nil for binary data.
    static func text(_ bytes: [UInt8]) -> (text: String, cut: Int)? {
        guard !bytes.contains(0) else { return nil }
        var piece = bytes[...]
        while let first = piece.first, first & 0xC0 == 0x80, piece.startIndex < 3 { piece = piece.dropFirst() }
        for dropped in 0...min(3, piece.count) {
            if let text = String(validating: piece.dropLast(dropped), as: UTF8.self) { return (text, dropped) }
        }
        return nil
    }
}
