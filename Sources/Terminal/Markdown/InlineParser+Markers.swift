extension InlineParser {
    /// Decides about the run of markers at the end of the text, once the scalar after it is known.
    mutating func endRun(next: Unicode.Scalar) {
        guard run > 0, let mark = pending.last?.scalar else { return }
        let (start, count) = (pending.count - run, run)
        run = 0
        switch (context, mark) {
        case (.code(let opening, count), _):
            endCode(opening, start, count)
        case (.code, _), (.address, _):
            break
        case (.text, "`"):
            context = .code(start: start, count: count)
        case (.text, "]"):
            guard let index = openers.lastIndex(where: { $0.mark == "[" }) else { break }
            // The parenthesis is the next scalar to parse, which increases the depth to zero.
            if next == "(" { context = .address(opener: openers[index], end: start, depth: -1) }
            openers.remove(at: index)
        case (.text, _):
            emphasize(mark, start, count, next)
        }
        before = mark
    }

    private mutating func hide(_ range: Range<Int>) {
        if !keepsMarkers { for index in range { pending[index].scalar = Self.hidden } }
    }

    private mutating func add(_ style: TextStyle, _ range: Range<Int>) {
        work += range.count
        for index in range { pending[index].style.formUnion(style) }
    }

    // MARK: - Code and links

    private mutating func endCode(_ opening: Int, _ closing: Int, _ count: Int) {
        context = .text
        var content = opening + count..<closing
        // One space on each side separates the backticks of the content from those of the marker.
        if content.count > 2, pending[content.lowerBound].scalar == " ", pending[closing - 1].scalar == " ",
            pending[content].contains(where: { $0.scalar != " " })
        {
            content = content.lowerBound + 1..<closing - 1
        }
        add(.cyan, content)
        hide(opening..<content.lowerBound)
        hide(content.upperBound..<closing + count)
    }

    /// Turns `[text](address)` into `text (address)`, or into the address if both are equal.
    mutating func endLink(_ opener: Opener, _ end: Int) {
        context = .text
        before = ")"
        openers.removeAll { $0.start > opener.start }
        let (text, address) = (opener.start + 1..<end, end + 2..<pending.count - 1)
        let words = pending[address].split(maxSplits: 1) { $0.scalar == " " }
        // A title in quotation marks may follow the address.
        let isTitled = words.count < 2 || words[1].first.map { $0.scalar == "\"" || $0.scalar == "'" } ?? true
        guard !words.isEmpty, isTitled, !keepsMarkers else { return }
        let isAddress = pending[text].map(\.scalar) == pending[address].map(\.scalar)
        add(.underline, text)
        add(.dim, address)
        hide(opener.start..<opener.start + 1)
        if isAddress { return hide(end..<pending.count) }
        pending[end].scalar = " "
    }

    // MARK: - Emphasis

    /// Matches a run of `*`, `_` or `~` with the openers before it, or makes it an opener, by the rules of CommonMark.
    private mutating func emphasize(_ mark: Unicode.Scalar, _ start: Int, _ count: Int, _ next: Unicode.Scalar) {
        let (isSpaceBefore, isSpaceAfter) = (Self.isSpace(before), Self.isSpace(next))
        let (isMarkBefore, isMarkAfter) = (Self.isPunctuation(before), Self.isPunctuation(next))
        // Scripts without spaces have punctuation inside of emphasis, and text directly after it.
        let isLeft = !isSpaceAfter && (!isMarkAfter || isSpaceBefore || isMarkBefore || before.value >= 0x2E80)
        let isRight = !isSpaceBefore && (!isMarkBefore || isSpaceAfter || isMarkAfter || next.value >= 0x2E80)
        var (canOpen, canClose) = (isLeft, isRight)
        // A name such as snake_case has no emphasis, and neither has a product such as 2*3*4.
        if mark == "_" || mark == "*" && count == 1 && before.isASCII && next.isASCII {
            canOpen = isLeft && (!isRight || isMarkBefore)
            canClose = isRight && (!isLeft || isMarkAfter)
        }
        if mark == "~", count != 2 { return }
        var (start, count) = (start, count)
        while canClose, count > 0 {
            work += openers.count
            let index = openers.lastIndex { opener in
                guard opener.mark == mark else { return false }
                let isAmbiguous = canOpen || opener.canClose
                let areBothTriple = opener.count % 3 == 0 && count % 3 == 0
                return !isAmbiguous || (opener.count + count) % 3 != 0 || areBothTriple
            }
            guard let index else { break }
            let used = min(2, count, openers[index].count)
            let opening = openers[index].start + openers[index].count
            add(mark == "~" ? .strike : used == 2 ? .bold : .italic, opening..<start)
            hide(opening - used..<opening)
            hide(start..<start + used)
            openers[index].count -= used
            (start, count) = (start + used, count - used)
            openers.removeSubrange((openers[index].count == 0 ? index : index + 1)...)
        }
        if canOpen, count > 0 {
            openers.append(Opener(start: start, count: count, mark: mark, canClose: canClose))
        }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || !scalar.isASCII && scalar.properties.isWhitespace
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x20: return false
        case 0x21..<0x7F: return true
        default: break
        }
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            return true
        default: return false
        }
    }
}
