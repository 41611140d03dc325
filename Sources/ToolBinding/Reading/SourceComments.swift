import Glibc
import Locks

/// The comments beside declarations, in all styles: clang only provides documentation comments.
final class SourceComments: Sendable {
    private let files = Lock<[String: [UInt8]]>([:])

    private static let maximumBytes = 16 << 20
    /// The maximum length, in bytes, of the source of a parameter, and of a line after a declaration.
    private static let maximumLine = 4096

    /// Returns the description of a declaration: from the comment above it, after it on the same line, or below it.
    func comment(around place: ClosedRange<Int>, in file: String, of name: String) -> CommentText? {
        let text = content(of: file)
        guard place.upperBound <= text.count else { return nil }
        let end = place.upperBound
        let comments = [
            above(place.lowerBound, text), beside(end, text, behind: " \t);"), below(end, text),
        ]
        return comments.lazy.compactMap { $0.map { CommentText($0, of: name) } }
            .first { $0.summary != nil || !$0.parameters.isEmpty }
    }

    /// Returns the comment after a parameter on the same line, or nil.
    func comment(besides offset: Int, in file: String) -> String? {
        let text = content(of: file)
        guard offset <= text.count else { return nil }
        // After the semicolon, a comment describes the function.
        return beside(offset, text, behind: " \t,)").flatMap(CommentText.phrase)
    }

    /// Returns the source of a span, or nil if it is too long or not in the file.
    func source(_ span: Span, in file: String) -> String? {
        let text = content(of: file)
        guard span.start <= span.end, span.end <= text.count, span.end - span.start <= Self.maximumLine else {
            return nil
        }
        return String(decoding: text[span.start..<span.end], as: UTF8.self)
    }

    private func content(of file: String) -> [UInt8] {
        files.withLock { files in
            if let known = files[file] { return known }
            let bytes = Self.read(file)
            files[file] = bytes
            return bytes
        }
    }

    private static func read(_ path: String) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= maximumBytes else {
            return []
        }
        return [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            count = max(Glibc.read(file, buffer.baseAddress, buffer.count), 0)
        }
    }

    // MARK: - Places of comments

    private func above(_ offset: Int, _ text: [UInt8]) -> String? {
        let end = Self.lineStart(offset, text)
        guard end > 0 else { return nil }
        let start = Self.lineStart(end - 1, text)
        let line = Self.trimmed(text[start..<end - 1])
        if line.hasPrefix("//") { return lineComment(endingAt: start, text) }
        guard line.hasSuffix("*/"), let open = Self.commentStart(before: end - 1, text),
            // A comment after code describes that code.
            Self.trimmed(text[Self.lineStart(open, text)..<open]).isEmpty
        else { return nil }
        return String(decoding: text[open..<end - 1], as: UTF8.self)
    }

    private func beside(_ offset: Int, _ text: [UInt8], behind skipped: String) -> String? {
        let line = text[offset...].prefix(Self.maximumLine).prefix { $0 != UInt8(ascii: "\n") }
        let words = String(decoding: line, as: UTF8.self).drop { skipped.contains($0) }
        if words.hasPrefix("//") { return String(words) }
        guard words.hasPrefix("/*"), let end = words.firstRange(of: "*/") else { return nil }
        return String(words[..<end.upperBound])
    }

    private func below(_ offset: Int, _ text: [UInt8]) -> String? {
        guard let lineEnd = text[offset...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let rest = text[(lineEnd + 1)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard rest.starts(with: "/*".utf8) else { return nil }
        var place = rest.startIndex + 2
        while place + 1 < text.count, !(text[place] == UInt8(ascii: "*") && text[place + 1] == UInt8(ascii: "/")) {
            place += 1
        }
        // A comment above another declaration describes that one.
        let after = text[min(place + 2, text.count)...].split(
            separator: UInt8(ascii: "\n"),
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard after.dropFirst().first.map({ Self.trimmed($0).isEmpty }) ?? true else { return nil }
        return String(decoding: text[rest.startIndex..<min(place + 2, text.count)], as: UTF8.self)
    }

    private func lineComment(endingAt last: Int, _ text: [UInt8]) -> String? {
        var start = last
        while start > 0 {
            let before = Self.lineStart(start - 1, text)
            guard Self.trimmed(text[before..<start - 1]).hasPrefix("//") else { break }
            start = before
        }
        let end = text[last...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
        return String(decoding: text[start..<end], as: UTF8.self)
    }

    private static func lineStart(_ offset: Int, _ text: [UInt8]) -> Int {
        (text[..<offset].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    }

    private static func commentStart(before end: Int, _ text: [UInt8]) -> Int? {
        var place = end - 3
        while place > 0 {
            if text[place - 1] == UInt8(ascii: "/"), text[place] == UInt8(ascii: "*") { return place - 1 }
            place -= 1
        }
        return nil
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || 0x09...0x0D ~= byte }
        guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }
}
