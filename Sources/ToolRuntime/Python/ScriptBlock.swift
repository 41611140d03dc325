/// The comment block of a Python file that holds its metadata (PEP 723).
///
/// ```python
/// # /// script
/// # requires-python = ">=3.11"
/// # ///
/// ```
struct ScriptBlock {
    /// The content without the comment signs, in TOML.
    let content: [UInt8]
    /// The number of the content's first line, from 1.
    let firstLine: Int

    private static let maximumBytes = 64 << 10
    private static let start = Array("# /// script".utf8)
    private static let end = Array("# ///".utf8)

    /// Finds the block in the text of a file.
    ///
    /// - Returns: Nil if the file has none.
    /// - Throws: ``ScriptError`` if the block does not end, there are two, or it is too large.
    static func find(in text: [UInt8]) throws(ScriptError) -> ScriptBlock? {
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(withoutReturn)
        var found: ScriptBlock?
        var index = 0
        while index < lines.count {
            guard lines[index].elementsEqual(start) else {
                index += 1
                continue
            }
            let first = index + 1
            guard found == nil else { throw ScriptError(line: first, "it is the second block of metadata") }
            var last = first
            while last < lines.count, isComment(lines[last]) { last += 1 }
            // The last line of the comment that may end the block does, because the content may have such a line.
            guard let end = (first..<last).last(where: { lines[$0].elementsEqual(end) }) else {
                throw ScriptError(line: first, "the block is not closed by a line `# ///`")
            }
            var content: [UInt8] = []
            for line in lines[first..<end] {
                content += line.dropFirst(2)
                content.append(UInt8(ascii: "\n"))
            }
            guard content.count <= maximumBytes else {
                throw ScriptError(line: first, "the block has more than \(maximumBytes) bytes")
            }
            found = ScriptBlock(content: content, firstLine: first + 1)
            index = end + 1
        }
        return found
    }

    private static func isComment(_ line: ArraySlice<UInt8>) -> Bool {
        line.elementsEqual("#".utf8) || line.starts(with: "# ".utf8)
    }

    private static func withoutReturn(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }
}
