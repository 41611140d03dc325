/// Text with the parts of it that were pasted.
package struct LineText: Equatable, Sendable {
    /// A part that was typed as a whole or pasted as a whole.
    package struct Part: Equatable, Sendable {
        package let text: String
        package let isPasted: Bool

        package init(_ text: String, isPasted: Bool = false) {
            self.text = text
            self.isPasted = isPasted
        }
    }

    /// The text as UTF-8.
    package private(set) var utf8: [UInt8] = []
    /// The pasted ranges of bytes, in order.
    package private(set) var pasted: [Range<Int>] = []

    package init() {}

    package init(_ text: String, isPasted: Bool = false) { append(Array(text.utf8)[...], isPasted: isPasted) }

    package init(_ parts: [Part]) {
        for part in parts { append(Array(part.text.utf8)[...], isPasted: part.isPasted) }
    }

    /// Adds text at the end.
    mutating func append(_ bytes: ArraySlice<UInt8>, isPasted: Bool) {
        guard !bytes.isEmpty else { return }
        if isPasted { pasted.append(utf8.count..<utf8.count + bytes.count) }
        utf8 += bytes
    }

    /// Adds another text at the end.
    mutating func append(_ other: LineText) {
        pasted += other.pasted.map { $0.lowerBound + utf8.count..<$0.upperBound + utf8.count }
        utf8 += other.utf8
    }

    package var isEmpty: Bool { utf8.isEmpty }

    package var string: String { String(decoding: utf8, as: UTF8.self) }

    /// The parts in order; two parts that follow each other differ in their kind.
    package var parts: [Part] {
        var parts: [Part] = []
        var start = 0
        func add(_ end: Int, isPasted: Bool) {
            guard end > start else { return }
            let text = String(decoding: utf8[start..<end], as: UTF8.self)
            start = end
            if let last = parts.last, last.isPasted == isPasted {
                parts[parts.count - 1] = Part(last.text + text, isPasted: isPasted)
            } else {
                parts.append(Part(text, isPasted: isPasted))
            }
        }
        for range in pasted {
            add(range.lowerBound, isPasted: false)
            add(range.upperBound, isPasted: true)
        }
        add(utf8.count, isPasted: false)
        return parts
    }
}
