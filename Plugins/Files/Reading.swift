import Glibc
import ToolPlugin

/// Text files.
enum Reading {
    /// A piece of a text file, whole characters only, with a note where there is more.
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
            throw .error("\(path.text) is no text file, but binary data of \(size) bytes")
        }
        // The next piece begins with the character that this one had only a part of.
        let end = offset + bytes.count - (offset + bytes.count < size ? cut : 0)
        return end < size ? "\(text)\n[\(size - end) more bytes; go on with offset \(end)]" : text
    }

    /// Bytes as text, and how many at the end are a part of a character; `nil` where they are no text.
    ///
    /// A part of a character at the beginning is left out too.
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
