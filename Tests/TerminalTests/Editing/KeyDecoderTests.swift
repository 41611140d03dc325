import Terminal
import Testing

@Suite("The decoder of keys")
struct KeyDecoderTests {
    struct Case: CustomTestStringConvertible {
        let input: [UInt8]
        let keys: [Key]

        init(_ input: String, _ keys: Key...) { self.init(bytes: Array(input.utf8), keys) }

        init(bytes: [UInt8], _ keys: [Key]) { (self.input, self.keys) = (bytes, keys) }

        var testDescription: String { String(decoding: input, as: UTF8.self).debugDescription }
    }

    private static let cases: [Case] = [
        // Text
        Case("abc", .text("abc")), Case("é日👨‍👩‍👧e\u{301}", .text("é日👨‍👩‍👧e\u{301}")),
        Case(bytes: [0x61, 0xFF, 0x62], [.text("a\u{FFFD}b")]), Case(bytes: [0xC3, 0x28], [.text("\u{FFFD}(")]),
        Case(bytes: [0xE2, 0x82, 0x0D], [.text("\u{FFFD}"), .enter]),
        Case(bytes: [0xF0, 0x9F, 0x1B, 0x5B, 0x41], [.text("\u{FFFD}"), .up]),
        Case("a\u{9B}b\u{85}", .text("ab")),
        // Control characters
        Case("\r\n\t\u{7F}\u{8}", .enter, .enter, .tab, .backspace, .backspace),
        Case(
            "\u{0}\u{1}\u{1A}\u{1C}\u{1F}",
            .control("@"),
            .control("A"),
            .control("Z"),
            .control("\\"),
            .control("_")
        ),
        // Known sequences
        Case("\u{1B}[A\u{1B}[B\u{1B}[C\u{1B}[D", .up, .down, .right, .left),
        Case("\u{1B}OA\u{1B}OB\u{1B}OC\u{1B}OD\u{1B}OH\u{1B}OF", .up, .down, .right, .left, .home, .end),
        Case("\u{1B}[H\u{1B}[F\u{1B}[1~\u{1B}[4~\u{1B}[7~\u{1B}[8~", .home, .end, .home, .end, .home, .end),
        Case(
            "\u{1B}[1;5C\u{1B}[1;5D\u{1B}[1;3C\u{1B}[1;3D\u{1B}O5C",
            .wordRight,
            .wordLeft,
            .wordRight,
            .wordLeft,
            .wordRight
        ),
        Case("\u{1B}[1;2C\u{1B}[1;2A", .right, .up),
        Case("\u{1B}[3~\u{1B}[3;5~\u{1B}[3;2~", .delete, .alt("d"), .delete),
        Case("\u{1B}OM\u{1B}\r\u{1B}\n", .enter, .newline, .newline),
        Case(
            "\u{1B}b\u{1B}F\u{1B}d\u{1B}\u{7F}\u{1B}\u{8}",
            .alt("b"),
            .alt("f"),
            .alt("d"),
            .alt("\u{7F}"),
            .alt("\u{7F}")
        ),
        // The protocol of kitty, and the other keys of xterm
        Case("\u{1B}[13u\u{1B}[13;2u\u{1B}[13;3u\u{1B}[27;2;13~", .enter, .newline, .newline, .newline),
        Case("\u{1B}[97;5u\u{1B}[102;3u\u{1B}[127;3u\u{1B}[9u", .control("A"), .alt("f"), .alt("\u{7F}"), .tab),
        Case("\u{1B}[97:65;5:1u\u{1B}[57399u", .control("A")),
        // Unknown sequences
        Case(
            "a\u{1B}[99~b\u{1B}[1;9Zc\u{1B}[?1;2cd\u{1B}[<0;1;1Me",
            .text("a"),
            .text("b"),
            .text("c"),
            .text("d"),
            .text("e")
        ),
        Case("a\u{1B}[15~\u{1B}[Z\u{1B}[I\u{1B}OP\u{1B}[[Ab", .text("a"), .text("b")),
        Case("a\u{1B}[24;80Rb\u{1B}[1$rc\u{1B}(Bd", .text("a"), .text("b"), .text("c"), .text("d")),
        Case(
            "a\u{1B}]11;rgb:0/0/0\u{7}b\u{1B}]0;x\u{1B}\\c\u{1B}P1+r\u{1B}\\d",
            .text("a"),
            .text("b"),
            .text("c"),
            .text("d")
        ),
        Case("a\u{1B}[M !!b\u{1B}éc", .text("a"), .text("b"), .text("c")),
        Case("a\u{1B}[\(String(repeating: "1;", count: 5000))mb", .text("a"), .text("b")),
        Case("\u{1B}[99999999999999999999999999~b", .text("b")),
        // Sequences that are cut short by another one
        Case("\u{1B}[1;\u{1B}[A", .up), Case("\u{1B}\u{1B}[A", .escape, .up), Case("\u{1B}[\rx", .enter, .text("x")),
        Case("\u{1B}\u{3}", .control("C")), Case("\u{1B}]0;x\u{1B}[A", .up),
        // Pastes
        Case("\u{1B}[200~a\rb\r\nc\nd\u{1B}[201~e", .paste("a\nb\nc\nd"), .text("e")),
        Case("\u{1B}[200~\u{1B}[201~x", .text("x")), Case("\u{1B}[201~x", .text("x")),
        Case(
            "\u{1B}[200~\u{1B}[31m\u{1B}[20\u{1B}\u{1B}[201\u{3}\u{7F}\u{1B}[201~",
            .paste("\u{1B}[31m\u{1B}[20\u{1B}\u{1B}[201\u{3}\u{7F}")
        ),
        Case(
            bytes: Array("\u{1B}[200~".utf8) + [0x61, 0xFF, 0xC3] + Array("\u{1B}[201~".utf8),
            [.paste("a\u{FFFD}\u{FFFD}")]
        ),
        Case("\u{1B}[200~a\u{1B}[200~b\u{1B}[201~c", .paste("a\u{1B}[200~b"), .text("c")),
    ]

    /// Joins texts that follow each other: their pieces depend on the pieces of the input.
    private static func joined(_ keys: [Key]) -> [Key] {
        keys.reduce(into: []) { keys, key in
            if case .text(let text) = key, case .text(let last)? = keys.last {
                keys[keys.count - 1] = .text(last + text)
            } else {
                keys.append(key)
            }
        }
    }

    @Test("input is decoded to the same keys, wherever it is cut", arguments: cases)
    func keys(_ example: Case) {
        let expected = Self.joined(example.keys)
        var whole = KeyDecoder()
        #expect(Self.joined(whole.decode(example.input[...])) == expected)
        #expect(whole.timeout == nil)
        for cut in example.input.indices.prefix(200) {
            var decoder = KeyDecoder()
            let keys = decoder.decode(example.input[..<cut]) + decoder.decode(example.input[cut...])
            #expect(Self.joined(keys) == expected, "cut at \(cut)")
        }
        var decoder = KeyDecoder()
        #expect(Self.joined(example.input.flatMap { decoder.decode([$0]) }) == expected)
    }

    @Test(
        "after a pause, an incomplete sequence is dropped, and ESC alone is a key",
        arguments: [
            ("\u{1B}", [.escape]), ("\u{1B}[", []), ("\u{1B}[1;5", []), ("\u{1B}O", []), ("\u{1B}]0;title", []),
            ("\u{1B}]0;title\u{1B}", []), ("\u{1B}(", []), ("\u{1B}[M", []),
            ("\u{1B}[200~lost end\u{1B}[2", [.paste("lost end\u{1B}[2")]),
        ] as [(String, [Key])]
    )
    func pause(input: String, keys: [Key]) {
        var decoder = KeyDecoder()
        #expect(decoder.decode(Array(input.utf8)[...]).isEmpty)
        #expect(decoder.timeout != nil)
        #expect(decoder.timeOut() == keys)
        #expect(decoder.timeout == nil)
        #expect(decoder.decode(Array("x".utf8)[...]) == [.text("x")])
    }

    @Test("an incomplete character is kept over a pause")
    func incompleteCharacter() {
        var decoder = KeyDecoder()
        #expect(decoder.decode([0xE6, 0x97]).isEmpty)
        #expect(decoder.timeOut().isEmpty)
        #expect(decoder.decode([0xA5]) == [.text("日")])
    }

    @Test("a paste is cut at its limit, and a string for the terminal at a few kilobytes")
    func bounds() {
        var decoder = KeyDecoder()
        var keys = decoder.decode(Array("\u{1B}[200~".utf8)[...])
        let piece = [UInt8](repeating: 0x61, count: 1 << 20)
        for _ in 0..<17 { keys += decoder.decode(piece[...]) }
        keys += decoder.decode(Array("\u{1B}[201~b".utf8)[...])
        #expect(keys.map(\.size) == [KeyDecoder.pasteLimit, 1])
        keys = decoder.decode(Array("\u{1B}]".utf8)[...]) + decoder.decode(piece[...])
        #expect(keys.map(\.size).reduce(0, +) > piece.count - 8192)
    }

    @Test("any bytes are decoded to text without control characters", arguments: 0..<200)
    func anyBytes(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let likely = Array("\u{1B}\u{1B}[[O]~;012345ABCDM\r\u{7}\\<?é日".utf8)
        let input = (0..<400).map { _ in
            numbers.next() % 3 == 0
                ? UInt8(truncatingIfNeeded: numbers.next()) : likely[Int(numbers.next() % UInt64(likely.count))]
        }
        var decoder = KeyDecoder()
        for key in decoder.decode(input[...]) + decoder.timeOut() {
            guard case .text(let text) = key else { continue }
            #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0 ~= $0.value) })
        }
    }
}

extension Key {
    fileprivate var size: Int {
        switch self {
        case .text(let text), .paste(let text): text.utf8.count
        default: 0
        }
    }
}
