import Testing

@testable import ToolSchema

@Suite("Patterns")
struct PatternTests {
    @Test(
        "a pattern matches as ECMAScript defines",
        arguments: [
            // Anchors and the unanchored search.
            ("^a*$", "aaa"), ("b", "abc"), ("", "anything"), ("", ""), ("^$", ""), ("a|b", "xb"), ("^á", "ár"),
            (".*b", "aab"), (".*?b", "b"), (".*", "\n"), (".*|a", ""), ("a.*c", "abbc"),
            // The dot and line ends.
            ("^.$", "é"), ("^.$", "\u{0B}"), ("^.$", "\u{85}"), ("^.$", "😀"), ("^.+$", "a\tb"),
            // White space, digits and words.
            (
                #"^\s+$"#,
                " \t\n\u{0B}\u{0C}\r\u{A0}\u{1680}\u{2000}\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}"
            ),
            (#"^\S+$"#, "a\u{180E}\u{200B}\u{85}é😀"), (#"^[\s-]$"#, "\u{FEFF}"), (#"^[^\s]$"#, "\u{200B}"),
            (#"^[\S]$"#, "x"), (#"^[^\S]$"#, "\u{3000}"), (#"^\d\D$"#, "7٤"), (#"^\w\W$"#, "_é"), (#"^[\W]$"#, "é"),
            (#"\bword\b"#, "a word."), (#"é\bs"#, "és"), (#"\Bb"#, "ab"),
            // Escapes.
            (#"^\t\n\v\f\r\0$"#, "\t\n\u{0B}\u{0C}\r\0"), (#"^\cA\cz$"#, "\u{01}\u{1A}"), (#"^\x41\u0042$"#, "AB"),
            (#"^\u{1F600}$"#, "😀"), (#"^\uD83D\uDE00$"#, "😀"), (#"^[\uD83D\uDE00]$"#, "😀"), (#"^\u{0000041}$"#, "A"),
            (#"^\^\$\\\.\*\+\?\(\)\[\]\{\}\|\/$"#, #"^$\.*+?()[]{}|/"#), (#"^[\b]$"#, "\u{08}"),
            // Common syntax that the u flag forbids.
            (##"^\-\_\@\'\"\ \#$"##, ##"-_@'" #"##), ("^{a}]$", "{a}]"), ("^a{,2}$", "a{,2}"), ("^a{1$", "a{1"),
            ("^a{b}$", "a{b}"), ("^x{1,b}$", "x{1,b}"), (#"^[\w-.]+$"#, "a-."), (#"^[\w-\.]+$"#, "a-."),
            (#"^[a-\d]+$"#, "a-1"),
            // Classes.
            ("[^]", "\n"), ("^[a-c-]+$", "a-c"), ("^[-a]+$", "-a"), (#"^[a\-c]+$"#, "a-c"), (#"^[\]]$"#, "]"),
            ("^[[:alpha:]]$", "a]"), ("^[[:alpha:]]$", ":]"), ("^[&&~~[]$", "["), ("^[a^]$", "^"), ("^[é-ü]$", "ö"),
            ("^[😀-😂]$", "😁"), (#"^[\uD83D\uDE00-\uD83D\uDE02]$"#, "😁"), (#"^[\uD800-\uDFFF😀]$"#, "😀"),
            ("^[.$]+$", ".$"),
            (#"^[^\uD800]$"#, "a"),
            // Properties.
            (#"^\p{Letter}+$"#, "aπ"), (#"^\p{L}\P{L}$"#, "a1"), (#"^\p{Lu}\p{Uppercase_Letter}$"#, "ÄΩ"),
            (#"^\p{gc=Nd}\p{General_Category=Decimal_Number}$"#, "٤4"), (#"^\p{Script=Greek}+$"#, "πρώτη"),
            (#"^\p{sc=Cyrillic}[^\p{sc=Cyrillic}]$"#, "яr"), (#"^\p{scx=Hira}$"#, "ー"), (#"^\p{Cased_Letter}$"#, "a"),
            (#"^\p{Emoji}\P{ASCII}\p{Any}$"#, "😀é\n"), (#"^\p{Assigned}\P{Assigned}$"#, "a\u{E0FFF}"),
            (#"^[\p{L}\p{Nd}_]+$"#, "é٤_"), (#"^[\P{Assigned}]$"#, "\u{E0FFF}"),
            (#"^\p{Script_Extensions=Latin}$"#, "a"),
            // Groups, references and assertions.
            (#"^(a)(b)\2\1$"#, "abba"), (#"^(?<n>a|b)\k<n>$"#, "bb"), (#"^\k<später>(?<später>x)$"#, "x"),
            (#"^(?<$_1>x)(?<y>z)\k<y>\k<$_1>$"#, "xzzx"), (#"^(?:(a)|b)\1$"#, "b"), (#"^\1(a)$"#, "a"),
            (#"^(a)\1\0$"#, "aa\0"), (#"^(a)(?:\1)0$"#, "aa0"), ("^(?=.*1)(?!.*x).{3}$", "ab1"), ("(?<=a)b", "ab"),
            ("(?<!a|bc)d", "xd"), ("(?<=a|bc)d", "bcd"),
            // Repetitions.
            ("^a{2}$", "aa"), ("^a{2,}$", "aaa"), ("^a{1,3}?$", "aaa"), ("^a??b+?c*?$", "bbcc"), ("^a{0}b$", "b"),
            ("^(ab){02,03}$", "abab"), ("^[a-z]{1,65535}$", "a"),
            // Spaces and hashes are literals.
            ("^a b#c$", "a b#c"), (##"^a\#b$"##, "a#b"),
        ]
    )
    func matches(source: String, text: String) throws {
        #expect(try Pattern(source).matches(text))
    }

    @Test(
        "a pattern does not match other strings",
        arguments: [
            ("^a$", "a\n"), ("^a", "\na"), ("a$", "a\nb"), ("^.$", "\n"), ("^.$", "\r"), ("^.$", "\u{2028}"),
            ("^.$", "\u{2029}"), ("^.$", "e\u{301}"), (#"\S"#, "\u{FEFF}\u{A0}"), (#"\s"#, "\u{200B}\u{85}\u{180E}"),
            (#"\d"#, "٤"), (#"\w"#, "éσ"), ("[]", "a"), ("[]", ""), (#"^\uD83D$"#, "😀"), (#"[\uD800-\uDFFF]"#, "😀"),
            (#"^\uD83Dx$"#, "x"), ("A", "a"), (#"\p{Lu}"#, "a"), (#"^\p{Script=Greek}$"#, "a"), ("^(a)\\1$", "ab"),
            ("^a{2,3}$", "aaaa"), ("(?<!a)b", "ab"), (".*b", "aac"), ("^[^a-c]$", "b"), ("é", "e\u{301}"),
            ("^[\\w-.]$", "/"), (#"\bs\b"#, "sa"), (#"^(?<a>.)\k<a>$"#, "ab"), (#"^\P{Assigned}$"#, "a"),
        ]
    )
    func doesNotMatch(source: String, text: String) throws {
        #expect(try !Pattern(source).matches(text))
    }

    @Test(
        "invalid ECMAScript syntax is rejected with its offset",
        arguments: [
            ("^(abc]", "the group is not closed at byte 1"), ("a)", "there is no group to close at byte 1"),
            ("é)", "there is no group to close at byte 2"), ("[a", "the character class is not closed at byte 0"),
            ("a[é", "the character class is not closed at byte 1"),
            ("*a", "there is nothing to repeat at byte 0"), ("a**", "there is nothing to repeat at byte 2"),
            ("a++", "there is nothing to repeat at byte 2"), ("a{2}+", "there is nothing to repeat at byte 4"),
            ("a*?+", "there is nothing to repeat at byte 3"), ("{2}", "there is nothing to repeat at byte 0"),
            ("a{2}{3}", "there is nothing to repeat at byte 4"), ("^*", "there is nothing to repeat at byte 1"),
            (#"\b+"#, "there is nothing to repeat at byte 2"), ("(?=a)*", "there is nothing to repeat at byte 5"),
            ("(?<=a){2}", "there is nothing to repeat at byte 6"),
            ("(*ACCEPT)", "there is nothing to repeat at byte 1"),
            ("(*UTF)a", "there is nothing to repeat at byte 1"), ("a|?", "there is nothing to repeat at byte 2"),
            (".**", "there is nothing to repeat at byte 2"),
            ("a{3,2}", "the bounds of the repetition are out of order at byte 1"),
            ("[b-a]", "the range is out of order at byte 1"), (#"[\x62-a]"#, "the range is out of order at byte 1"),
            ("(?i)a", "the group syntax after (? is unknown at byte 0"),
            ("(?ims)a", "the group syntax after (? is unknown at byte 0"),
            ("(?i:a)", "the group syntax after (? is unknown at byte 0"),
            ("(?>a)", "the group syntax after (? is unknown at byte 0"),
            ("(?|a)", "the group syntax after (? is unknown at byte 0"),
            ("(?#a)", "the group syntax after (? is unknown at byte 0"),
            ("(?R)", "the group syntax after (? is unknown at byte 0"),
            ("(?1)", "the group syntax after (? is unknown at byte 0"),
            ("(?&n)", "the group syntax after (? is unknown at byte 0"),
            ("(?P<n>a)", "the group syntax after (? is unknown at byte 0"),
            ("(?'n'a)", "the group syntax after (? is unknown at byte 0"),
            ("(?(1)a|b)", "the group syntax after (? is unknown at byte 0"),
            ("(?C1)", "the group syntax after (? is unknown at byte 0"),
            ("(?", "the group syntax after (? is unknown at byte 0"),
            ("(?<1>a)", "a group name must be an identifier, closed with > at byte 3"),
            ("(?<>a)", "a group name must be an identifier, closed with > at byte 3"),
            ("(?<a", "a group name must be an identifier, closed with > at byte 3"),
            ("(?<a>x)(?<a>y)", "the group name a is used twice at byte 7"),
            (#"a\k<n>"#, "there is no group named n at byte 1"), (#"\k"#, #"\k needs a group name in < > at byte 0"#),
            (#"\k{n}"#, #"\k needs a group name in < > at byte 0"#), (#"(a)\2"#, "there is no group 2 at byte 3"),
            (#"\99999999999999999999"#, "there is no group 65536 at byte 0"),
            (#"\01"#, "octal escapes are not allowed at byte 0"), (#"[\1]"#, "the escape is unknown at byte 1"),
            (#"a\"#, "the pattern ends after a backslash at byte 1"),
            (#"[\"#, "the pattern ends after a backslash at byte 1"),
            (#"\x4"#, #"\x needs two hexadecimal digits at byte 0"#),
            (#"\x{41}"#, #"\x needs two hexadecimal digits at byte 0"#),
            (#"\u12"#, #"\u needs four hexadecimal digits at byte 0"#),
            (#"\u{}"#, #"\u{ needs the number of a code point and a } at byte 0"#),
            (#"\u{110000}"#, #"\u{ needs the number of a code point and a } at byte 0"#),
            (#"\u{41"#, #"\u{ needs the number of a code point and a } at byte 0"#),
            (#"\c1"#, #"\c needs a letter at byte 0"#), (#"\c"#, #"\c needs a letter at byte 0"#),
            (#"\pL"#, #"\p needs the name of a Unicode property in { } at byte 0"#),
            (#"\p{L"#, #"\p needs the name of a Unicode property in { } at byte 0"#),
            ("\\é", "the escape is unknown at byte 0"), (#"[\B]"#, "the escape is unknown at byte 1"),
        ]
    )
    func refuses(source: String, message: String) {
        #expect(throws: PatternError(reason: .syntax, message: message)) { try Pattern(source) }
    }

    @Test("escapes that only PCRE2 defines are rejected", arguments: "aAeEGghHKlLNoQRUXyzZ")
    func refusesEscapes(letter: Character) {
        let error = PatternError(reason: .syntax, message: "the escape is unknown at byte 0")
        #expect(throws: error) { try Pattern("\\\(letter)") }
        #expect(throws: error) { try Pattern("\\\(letter){1}") }
    }

    @Test(
        "Unicode properties with other names than in ECMAScript are rejected",
        arguments: [
            "letter", "Greek", "^L", "L&", "Xan", "Is_L", "", "L=", "=L", "Script", "Script=", "sc:Greek",
            "Script=greek",
            "gc=Letters", "gc=Alphabetic", "Alphabetic=Yes", "Script=Gr eek", "sc=Nowhere", "General_Category=lu", "{L",
        ]
    )
    func refusesProperties(name: String) {
        let error = #expect(throws: PatternError.self) { try Pattern("\\p{\(name)}") }
        #expect(error?.reason == .syntax)
    }

    @Test(
        "unsupported syntax of ECMAScript is rejected with the reason",
        arguments: [
            ("(?<=a+)b", "look-behind"), ("(?<!a*b)c", "look-behind"), ("a{65536}", "65535"),
            ("a{1,99999999999999999999}", "65535"), ("((a{1,1000}){1,1000}){1,1000}", "too large"),
            (String(repeating: "(?:", count: 90) + "a" + String(repeating: "){2}", count: 90), "too large"),
        ]
    )
    func unsupported(source: String, hint: String) {
        let error = #expect(throws: PatternError.self) { try Pattern(source) }
        #expect(error?.reason == .unsupported)
        #expect(error?.message.contains(hint) == true)
    }

    @Test("the length and the nesting of a pattern are bounded")
    func bounds() throws {
        let nested = { (depth: Int) in
            String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
        }
        #expect(try Pattern(nested(PatternTranslator.maximumNesting)).matches("a"))
        let tooLong = #expect(throws: PatternError.self) {
            try Pattern(String(repeating: "[a]", count: Pattern.maximumLength / 3 + 1))
        }
        #expect(tooLong?.reason == .limit)
        let tooDeep = #expect(throws: PatternError.self) { try Pattern(nested(PatternTranslator.maximumNesting + 1)) }
        #expect(tooDeep?.reason == .limit)
    }

    /// PCRE2's limits stop the search in a short string, and the processor time stops it in a long one.
    @Test(
        "an endless search fails with an error",
        arguments: [
            ("^(a+)+$", String(repeating: "a", count: 40) + "!"),
            ("^(a|aa)+$", String(repeating: "a", count: 40) + "!"),
            ("(a|a)*b", String(repeating: "a", count: 40) + "!b"),
            ("(.*)*x!", String(repeating: "a", count: 40) + "!x"),
            (#"^(([a-z])+.)+[A-Z]([a-z])+$"#, String(repeating: "a", count: 40)),
            (#"\s+$"#, String(repeating: " ", count: 1 << 20) + "x"),
            (#"^(?:a(?=a*(?:b|$)))*$"#, String(repeating: "a", count: 1 << 20) + "b!"),
            ("a{60000}", String(repeating: String(repeating: "a", count: 59_999) + "b", count: 200)),
            (#"^(?:a|b)*$"#, String(repeating: "ab", count: 1 << 20)),
        ]
    )
    func endsInAnError(source: String, text: String) throws {
        let pattern = try Pattern(source)
        var error: PatternError?
        let duration = ContinuousClock().measure {
            error = #expect(throws: PatternError.self) { try pattern.matches(text) }
        }
        let message = "the search of the pattern takes more steps than allowed"
        #expect(error == PatternError(reason: .limit, message: message))
        // An idle machine needs a tenth of this time.
        #expect(duration < .seconds(2))
    }

    @Test(
        "a search in a long string ends soon",
        arguments: [
            ("^[a-z ]+$", true), ("word", false), (".*word.*", false), ("^.*o ?$", true), (#"^(?!.*\d)"#, true),
            (#"^\S+(?: \S+)*\s?$"#, true),
        ]
    )
    func longTexts(source: String, expected: Bool) throws {
        #expect(try Pattern(source).matches(String(repeating: "hello ", count: 5_000)) == expected)
    }

    @Test("many tasks can share a pattern")
    func shared() async throws {
        let pattern = try Pattern(#"^(?<c>[a-z])\k<c>\d+$"#)
        let matches = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<1000 {
                group.addTask { try pattern.matches(number.isMultiple(of: 2) ? "aa\(number)" : "ab\(number)") }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(matches == 500)
    }
}
