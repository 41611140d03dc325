import Glibc
import Synchronization

/// The comments beside declarations, whatever their form: those that describe tools to a model are rarely clang's.
final class SourceComments: Sendable {
    private let files = Mutex<[String: [UInt8]]>([:])

    private static let maximumBytes = 16 << 20

    /// The description of a declaration: of the comment that ends right above it, or else begins right below it.
    func comment(around place: ClosedRange<Int>, in file: String) -> String? {
        let text = content(of: file)
        guard place.upperBound <= text.count else { return nil }
        return (above(place.lowerBound, text) ?? below(place.upperBound, text)).flatMap(Self.summary)
    }

    /// The comment that follows on the same line.
    func comment(besides offset: Int, in file: String) -> String? {
        let text = content(of: file)
        guard offset <= text.count else { return nil }
        let line = String(decoding: text[offset...].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let words = line.drop { " \t,);".contains($0) }
        guard words.hasPrefix("/*") ? words.contains("*/") : words.hasPrefix("//") else { return nil }
        return Self.summary(words.split(separator: "*/").first.map(String.init) ?? String(words))
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

    // MARK: - Finding them

    private func above(_ offset: Int, _ text: [UInt8]) -> String? {
        let end = Self.lineStart(offset, text)
        guard end > 0 else { return nil }
        let start = Self.lineStart(end - 1, text)
        let line = Self.trimmed(text[start..<end - 1])
        if line.hasPrefix("//") { return lineComment(endingAt: start, text) }
        guard line.hasSuffix("*/"), let open = Self.commentStart(before: end - 1, text),
            // One at the end of a line of code belongs to that line.
            Self.trimmed(text[Self.lineStart(open, text)..<open]).isEmpty
        else { return nil }
        return String(decoding: text[open..<end - 1], as: UTF8.self)
    }

    private func below(_ offset: Int, _ text: [UInt8]) -> String? {
        guard let lineEnd = text[offset...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let rest = text[(lineEnd + 1)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard rest.starts(with: "/*".utf8) else { return nil }
        var place = rest.startIndex + 2
        while place + 1 < text.count, !(text[place] == UInt8(ascii: "*") && text[place + 1] == UInt8(ascii: "/")) {
            place += 1
        }
        // One that stands above something else describes that.
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

    // MARK: - What they say

    private static let maximumLength = 300

    /// The first sentence of a comment, without its marks.
    static func summary(_ comment: String) -> String? {
        var words: [Substring] = []
        for line in comment.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            var text = line.drop { $0.isWhitespace || "/*!<".contains($0) }
            if text.hasSuffix("*/") { text = text.dropLast(2) }
            for tag in ["@brief ", "\\brief "] where text.hasPrefix(tag) { text = text.dropFirst(tag.count) }
            // A mark such as `NOTE:` begins a new paragraph.
            let mark = text.prefix { $0.isUppercase || $0.isNumber || $0 == "_" }
            let isMarked = mark.count > 3 && text.dropFirst(mark.count).hasPrefix(": ")
            let isEnd = text.allSatisfy { !$0.isLetter } || text.hasPrefix("@") || text.hasPrefix("\\") || isMarked
            if isEnd, !words.isEmpty { break }
            if text.allSatisfy({ !$0.isLetter }) { continue }
            words += (isMarked ? text.dropFirst(mark.count + 2) : text).split(whereSeparator: \.isWhitespace)
        }
        var sentence = ""
        for word in words {
            guard sentence.count + word.count < maximumLength else { return sentence + " …" }
            sentence += (sentence.isEmpty ? "" : " ") + word
            if word.hasSuffix("."), word.count > 3 { break }
        }
        let visible = sentence.visible
        return visible.isEmpty ? nil : visible
    }
}

extension String {
    /// The text without what a reader cannot see: a person and a model must read the same.
    var visible: String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: break
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
