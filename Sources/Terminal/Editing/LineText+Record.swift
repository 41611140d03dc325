extension LineText {
    /// The text as one line of a file, without the line break.
    ///
    /// `\n` is a line break, `\\` a backslash, and a pasted part is between `\<` and `\>`.
    var record: [UInt8] {
        var record: [UInt8] = []
        record.reserveCapacity(utf8.count + 16)
        var start = 0
        func add(_ end: Int) {
            for byte in utf8[start..<end] {
                switch byte {
                case 0x0A: record += [Self.escape, UInt8(ascii: "n")]
                case Self.escape: record += [Self.escape, Self.escape]
                default: record.append(byte)
                }
            }
            start = end
        }
        for range in pasted {
            add(range.lowerBound)
            record += [Self.escape, UInt8(ascii: "<")]
            add(range.upperBound)
            record += [Self.escape, UInt8(ascii: ">")]
        }
        add(utf8.count)
        return record
    }

    /// Reads a line of a file.
    ///
    /// - Returns: Nil if the line is not one that ``record`` writes.
    init?(record: ArraySlice<UInt8>) {
        self.init()
        guard String(validating: record, as: UTF8.self) != nil else { return nil }
        // Most lines have no escapes.
        guard record.contains(Self.escape) else {
            append(record, isPasted: false)
            return
        }
        var part: [UInt8] = []
        var isPasted = false
        var isEscape = false
        for byte in record {
            guard isEscape else {
                if byte == Self.escape { isEscape = true } else { part.append(byte) }
                continue
            }
            isEscape = false
            switch byte {
            case UInt8(ascii: "n"): part.append(0x0A)
            case Self.escape: part.append(byte)
            case UInt8(ascii: "<") where !isPasted, UInt8(ascii: ">") where isPasted:
                append(part[...], isPasted: isPasted)
                part = []
                isPasted.toggle()
            default: return nil
            }
        }
        guard !isEscape, !isPasted else { return nil }
        append(part[...], isPasted: false)
    }

    private static let escape = UInt8(ascii: "\\")
}
