/// The block that a line of Markdown begins or continues, as its first scalars show.
struct LineStart {
    enum Block: Equatable {
        case blank, text, bullet, rule, row, fence, code, fenceEnd
        case heading(level: Int)
        /// An item of a numbered list, with the length of its number and delimiter.
        case number(length: Int)
    }

    /// An open fenced code block.
    struct Fence {
        var mark: Unicode.Scalar
        var count: Int
        var indent: Int
        /// The number of quotation marks before the fence.
        var quotes: Int
    }

    /// The number of scalars after which a line without a decision is text.
    static let limit = 64

    var block: Block
    /// The number of quotation marks before the content.
    var quotes = 0
    /// The number of columns before the content.
    var indent = 0
    /// The index of the first scalar of the content.
    var content = 0

    /// Decides about a line.
    ///
    /// - Parameters:
    ///   - line: The scalars of the line so far.
    ///   - isWhole: True if the line is complete.
    ///   - fence: The open code block, if there is one.
    ///   - codeIndent: The indentation of an indented code block, or nil if none can begin here.
    /// - Returns: Nil if more scalars are needed.
    init?(_ line: [Unicode.Scalar], isWhole: Bool, fence: Fence?, codeIndent: Int?) {
        self.init(block: .text)
        let isDecided = isWhole || line.count >= Self.limit
        skipQuotes(line, limit: fence?.quotes ?? 8)
        let fence = fence.flatMap { $0.quotes > quotes ? nil : $0 }
        skipSpaces(line, columns: .max)
        if content == line.count {
            if !isDecided { return nil }
            block = isWhole ? .blank : fence == nil ? .text : .code
        } else {
            let rest = line[content...]
            let found = fence.map { fenceLine(rest, isDecided, $0) } ?? start(rest, isDecided, codeIndent)
            guard let found else { return nil }
            block = found
        }
        if block == .code {
            // The spaces of the code itself belong to its content.
            let columns = fence?.indent ?? codeIndent ?? 0
            self.init(block: .code)
            skipQuotes(line, limit: fence?.quotes ?? 8)
            skipSpaces(line, columns: columns)
            indent = columns
        }
    }

    private init(block: Block) { self.block = block }

    private mutating func skipQuotes(_ line: [Unicode.Scalar], limit: Int) {
        while quotes < limit {
            let mark = line[content...].prefix(4).firstIndex { $0 != " " }
            guard let mark, line[mark] == ">" else { return }
            quotes += 1
            content = mark + 1
            if content < line.count, line[content] == " " { content += 1 }
        }
    }

    private mutating func skipSpaces(_ line: [Unicode.Scalar], columns: Int) {
        while content < line.count, indent < columns, line[content] == " " || line[content] == "\t" {
            indent += line[content] == "\t" ? 4 - indent % 4 : 1
            content += 1
        }
    }

    /// Decides about a line in a fenced code block.
    private func fenceLine(_ rest: ArraySlice<Unicode.Scalar>, _ isWhole: Bool, _ fence: Fence) -> Block? {
        let after = rest.drop { $0 == fence.mark }
        guard after.count < rest.count, after.allSatisfy(Self.isSpace) else { return .code }
        if !isWhole { return nil }
        return rest.count - after.count >= fence.count ? .fenceEnd : .code
    }

    private func start(_ rest: ArraySlice<Unicode.Scalar>, _ isWhole: Bool, _ codeIndent: Int?) -> Block? {
        if let codeIndent, indent >= codeIndent { return .code }
        guard let first = rest.first else { return .blank }
        let after = rest.drop { $0 == first }
        let count = rest.count - after.count
        switch first {
        case "|":
            return .row
        case "#":
            if after.isEmpty, !isWhole, count <= 6 { return nil }
            return count <= 6 && Self.isSpace(after.first) ? .heading(level: count) : .text
        case "`", "~":
            if after.isEmpty, !isWhole { return nil }
            return count >= 3 ? .fence : .text
        case "-", "*", "_", "+":
            // Only the end of the line distinguishes a rule from an item.
            if rest.allSatisfy({ $0 == first || Self.isSpace($0) }) {
                if !isWhole { return nil }
                if first != "+", rest.count(where: { $0 == first }) >= 3 { return .rule }
            }
            return first != "_" && count == 1 && Self.isSpace(after.first) ? .bullet : .text
        case "0"..."9":
            let delimiter = rest.drop { "0"..."9" ~= $0 }
            let length = rest.count - delimiter.count + 1
            guard length <= 10 else { return .text }
            guard let mark = delimiter.first else { return isWhole ? .text : nil }
            guard mark == "." || mark == ")" else { return .text }
            guard let space = delimiter.dropFirst().first else { return isWhole ? .number(length: length) : nil }
            return Self.isSpace(space) ? .number(length: length) : .text
        default:
            return .text
        }
    }

    /// Returns true for a space, a tab and the end of the line.
    private static func isSpace(_ scalar: Unicode.Scalar?) -> Bool { scalar == nil || scalar == " " || scalar == "\t" }
}
