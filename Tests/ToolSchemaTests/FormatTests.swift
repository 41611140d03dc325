import Testing

@testable import ToolSchema

@Suite("Formats")
struct FormatTests {
    @Test("a format has the exact name that JSON Schema defines")
    func names() {
        #expect(Format.allCases.count == 19)
        for format in Format.allCases { #expect(Format(named: format.rawValue) == format) }
        for name in ["", "Date", "date_time", "phone", "int32", "uri ", "password"] {
            #expect(Format(named: name) == nil)
        }
    }

    @Test("a format accepts valid strings", arguments: accepted)
    func accepts(format: Format, texts: [String]) {
        for text in texts { #expect(format.accepts(text), "\(format.rawValue): \(text.debugDescription)") }
    }

    @Test("a format rejects invalid strings", arguments: refused)
    func refuses(format: Format, texts: [String]) {
        for text in texts { #expect(!format.accepts(text), "\(format.rawValue): \(text.debugDescription)") }
    }

    /// Only two formats accept the empty string, and no format accepts a valid prefix.
    @Test("a format checks the whole string", arguments: Format.allCases)
    func wholeText(format: Format) {
        let takesNothing: Set<Format> = [.uriReference, .iriReference, .uriTemplate, .jsonPointer, .regex]
        #expect(format.accepts("") == takesNothing.contains(format))
        let takesControls: Set<Format> = [.jsonPointer, .relativeJSONPointer, .regex]
        guard let texts = Self.accepted.first(where: { $0.0 == format })?.1 else {
            Issue.record("no accepted texts for \(format)")
            return
        }
        for text in texts where !takesControls.contains(format) {
            for ending in ["\n", " ", "\0", "\u{7F}"] { #expect(!format.accepts(text + ending)) }
            #expect(!format.accepts("\n" + text))
        }
    }

    /// A check that reads its string more than a few times would take hours here.
    @Test("a format reads a long string only once", arguments: Format.allCases)
    func longTexts(format: Format) {
        let duration = ContinuousClock().measure {
            for unit in [
                "a", "1", ".", "-", ":", "/a", "a:", "[", "@", "\"", "{a}", "{", "%41", "é", "~0", "P1D", "(", "a.",
            ] {
                _ = format.accepts(String(repeating: unit, count: 20_000))
                _ = format.accepts("a://" + String(repeating: unit, count: 20_000) + "\n")
            }
        }
        #expect(duration < .seconds(20))
    }

    private static let accepted: [(Format, [String])] = [
        (
            .dateTime,
            [
                "1963-06-19T08:30:06.283185Z", "1990-12-31T15:59:60-08:00", "1998-12-31T23:59:60Z",
                "1963-06-19t08:30:06.28123+01:00", "2024-02-29T00:00:00z", "1999-01-01T00:59:60.5+01:00",
                "2015-06-30T23:59:60Z", "0000-01-01T00:00:00-00:00", "2016-03-01T01:59:60+02:00",
            ]
        ),
        (.date, ["1963-06-19", "2024-02-29", "2000-02-29", "0000-02-29", "9999-12-31"]),
        (
            .time,
            [
                "08:30:06Z", "23:59:59z", "00:00:00.000000000000000000000001Z", "23:59:60Z", "01:29:60+01:30",
                "15:59:60-08:00", "08:30:06+23:59", "00:00:00-00:00",
            ]
        ),
        (
            .duration,
            [
                "P1Y", "P1M", "P1D", "P1W", "PT1H", "PT1M", "PT1S", "P1Y2M3DT4H5M6S", "P1MT1M", "P0D", "P007D", "PT36H",
                "P\(String(repeating: "9", count: 100))D",
            ]
        ),
        (
            .email,
            [
                "joe.bloggs@example.com", "a@b", "~!#$%&'*+-/=?^_`{|}@example.com", #""a b@c..\"\\"@example.com"#,
                "joe@[127.0.0.1]", "joe@[IPv6:::1]", "joe@[ipv6:1:2:3:4:5:6:7:8]", "joe@[x-tag:content]",
                #"""@example.com"#,
                String(repeating: "a", count: 64) + "@example.com", "joe@xn--bcher-kva.example",
            ]
        ),
        (
            .internationalEmail,
            ["실례@실례.테스트", "joe@example.com", "\"δοκιμή x\"@example.com", "δ.é@bücher.example", "\u{85}@example.com"]
        ),
        (
            .hostname,
            [
                "www.example.com", "a", "localhost", "1", "1host", "a-b.c-d", "EXAMPLE.com", "r3---sn-x.example.com",
                String(repeating: "a", count: 63) + ".com", "xn--4gbwdl.xn--wgbh1c", "XN--BCHER-KVA.example",
                String(repeating: "a.", count: 126) + "a",
            ]
        ),
        (
            .internationalHostname,
            [
                "실례.테스트", "bücher.example", "example.com", "xn--bcher-kva.example", "ßς་〇", "l·l", "α͵β", "א׳ב", "ア・ぁ",
                "क\u{94D}\u{200D}ष", "क\u{94D}\u{200C}ष", "ب\u{64E}\u{200C}ي", "ب٠", "ب۰", "a。b．c｡d", "e\u{301}",
                "שלום.example",
                "1.example",
            ]
        ),
        (.ipv4, ["192.168.0.1", "0.0.0.0", "255.255.255.255", "127.0.0.1", "9.10.99.100"]),
        (
            .ipv6,
            [
                "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:d6::42",
                "FFFF:abcd::0000",
                "::ffff:192.168.0.1", "1:2:3:4:5:6:192.168.0.1", "1::2:192.168.0.1", "1:2:3:4:5::192.168.0.1",
                "::1.2.3.4",
            ]
        ),
        (
            .uri,
            [
                "http://foo.bar/?baz=qux#quux", "a:", "a://", "a:/", "a:b", "urn:oasis:names:x:1.2", "mailto:a@b.c",
                "tel:+1-816-555-1212", "http://a:b@host:80/p;x=1/%7Eq?a/b?c#d/e?f", "ldap://[2001:db8::7]/c=GB?one?two",
                "http://[v1f.a:b!]:/", "file:///etc/passwd", "http://host:", "http://-.~_!$&'()*+,;=:%40::@x",
                "X1+-.:y",
                "http://999.999.999.999/", "about:blank#",
            ]
        ),
        (
            .uriReference,
            [
                "", "/abc", "//host/p", "abc", "?q", "#f", "./a:b", "a/b:c", "http://a", "//a:1?x#y", "%41", ".",
                "../..",
                "#?/", "a@b",
            ]
        ),
        (
            .iri,
            ["http://ƒøø.ßår/?∂éœ=πîx#πîüx", "http://例え/道?\u{E000}", "a:é", "http://[::1]/é", "http://é:1@é/", "a:😀"]
        ),
        (.iriReference, ["", "âππ", "//ƒøø.ßår/?∂éœ=πîx#πîüx", "#ƒrägmênt", "?\u{F0000}"]),
        (
            .uuid,
            [
                "2EB8AA08-AA98-11EA-B4AA-73B441D16380", "2eb8aa08-aa98-11ea-b4aa-73b441d16380",
                "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
            ]
        ),
        (
            .uriTemplate,
            [
                "", "plain", "http://example.com/{term:1}/{term}", "{+path}/here", "{#x,hello,y}", "X{.list*}",
                "{/var:1,var}",
                "{;x,y,empty}", "{?x}", "{&x:9999}", "{a.b.c}", "{%41_b}", "a%20b", "é{x}", "{=reserved}", "it's",
            ]
        ),
        (.jsonPointer, ["", "/", "//", "/foo/0", "/a~1b/~0~01", "/ ", "/é", "/a\"b\\c", "/\n"]),
        (.relativeJSONPointer, ["0", "0#", "1/", "120/foo/bar", "2/0/baz~1", "0+1", "0-1#", "1+10/a"]),
        (
            .regex,
            [
                "", "([abc])+\\s+$", "(?<=a+)b", "(?<n>x)\\k<n>", "[^]", "[]", "\\cA", "\\p{Script=Greek}", "a{65536}",
                "((a{1,1000}){1,1000}){1,1000}",
            ]
        ),
    ]

    private static let refused: [(Format, [String])] = [
        (
            .dateTime,
            [
                "1963-06-19", "1963-06-19 08:30:06Z", "1963-06-19T08:30:06", "1963-06-19T24:00:00Z",
                "2023-02-29T00:00:00Z",
                "1990-02-31T15:59:59.123-08:00", "1998-12-31T23:58:60Z", "1998-12-31T22:59:60Z", "1998-12-30T23:59:60Z",
                "1998-12-31T23:59:60+01:00", "1999-01-01T23:59:60Z", "06/19/1963 08:30:06 PST", "2013-350T01:01:01Z",
                "1963-6-19T08:30:06Z", "1963-06-1৪T00:00:00Z", "1963-06-11T0৪:00:00Z", "+11963-06-19T08:30:06Z",
                "1963-06-19T08:30:06.Z", "1963-06-19T08:30:06.5", "1963-06-19TT08:30:06Z", "2015-06-29T23:59:60Z",
            ]
        ),
        (
            .date,
            [
                "2023-02-29", "1900-02-29", "2020-04-31", "2020-00-01", "2020-13-01", "2020-01-00", "2020-1-01",
                "20200101",
                "2020-01-01Z", "2020-W01-1", "-2020-01-01", "12020-01-01", "2020/01/01", "1963-06-1৪",
            ]
        ),
        (
            .time,
            [
                "08:30:06", "8:30:06Z", "08:30Z", "24:00:00Z", "23:60:00Z", "23:59:61Z", "22:59:60Z", "23:58:60Z",
                "23:59:60+01:00", "08:30:06+24:00", "08:30:06+00:60", "08:30:06+0030", "08:30:06Z+00:00", "08:30:06 Z",
                "08:30:06.Z", "08:30:06,5Z", "1२:00:00Z", "08:30:06#00:20",
            ]
        ),
        (
            .duration,
            [
                "P", "PT", "P1YT", "P1", "1D", "PT1D", "P1H", "P2D1Y", "P1Y2D", "PT1H2S", "P1Y2W", "P1WT1H", "PW",
                "P1.5D",
                "PT0.5S", "-P1D", "P-1D", "p1d", "P1D2", "P১Y", "P1DT", "P1D1D", "P1YD", "PT1", "PTS",
            ]
        ),
        (
            .email,
            [
                "2962", "@example.com", "joe@", "joe bloggs@example.com", ".a@example.com", "a.@example.com",
                "a..b@example.com",
                "a@b@c", "joe@exa=mple.com", "joe@-example.com", "joe@[127.0.0.300]", "joe@[IPv6:1]", "joe@[]",
                "joe@[x:]",
                "joe@[127.0.0.1", "joe@[:x]", #""a"b@c"#, #""a@c"#, #""a\"@c"#, "\"a\u{7F}\"@c", "é@example.com",
                "a@é.com",
                String(repeating: "a", count: 65) + "@example.com", "a@example.com, b@example.com", "a@example.com.",
                "joe@[a-:x]", "joe@[x:a[b]", "\"é\"@c",
            ]
        ),
        (.internationalEmail, ["2962", "실례", "실례@", "a b@실례", "user＠example.com", "é@-a", "\"é\n\"@a", "..é@a"]),
        (
            .hostname,
            [
                ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "a b", "bücher", "a.-b.c",
                String(repeating: "a", count: 64),
                String(repeating: "a.", count: 127) + "a", "xn--", "xn--X", "xn--a", "xn--bcher-kvaa!", "xn--99999999",
                "xn--0ca24w", "a@b", "a:80",
            ]
        ),
        (
            .internationalHostname,
            [
                ".", "。", "a。。b", "-실례", "실례-", "실〮례", "\u{301}a", "üa--b", "lü·l", "α͵a", "a׳ב", "def・abc",
                "ب٠۰", "क\u{200D}ष", "a\u{200C}b", "ـب", "aא", "0ا", "0a.א", "א0٠", "Ü", "①", "ﬁ", "a b", "é_", "é!",
                "ü/ü",
                "ᄀ", String(repeating: "실", count: 60), String(repeating: "é", count: 300), "א-ב.a-1.2",
            ]
        ),
        (
            .ipv4,
            [
                "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.999", "01.2.3.4", "1.2.3.00", "0x1.2.3.4", "1.2.3.", ".1.2.3",
                "1..2.3",
                "1.2.3.4/24", "2130706433", "1২7.0.0.1", "+1.2.3.4", "1.2.3.4 ", "99999999999999999999.1.1.1",
            ]
        ),
        (
            .ipv6,
            [
                ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
                "1::2::3", ":1::",
                "1:", "12345::", "g::", "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:6:7:8:1.2.3.4", "1:2:3:4:5:1.2.3.4",
                "::1.2.3",
                "::256.1.1.1", "::1.2.3.4:5", "1.2.3.4", "fe80::1%eth0", "::/64", "[::1]", "1:2:3:4:5:6:7:৪",
                "::1:2:3:4:5:6:1.2.3.4",
                "::1.2.3.4.5", ".1.2.3.4", "1:::2", "::01.2.3.4",
            ]
        ),
        (
            .uri,
            [
                "//foo.bar/?baz", "/abc", "abc", "://x", "1a:b", "a_b:c", "bar,baz:foo", "http:// x", "http://a b",
                "a:%", "a:%4",
                "a:%4G", "a:\\", "a:<>", "a:{}", "a:^", "a:`", "a:|", "a:\"", "a:é", "a:#b#c", "a:[", "http://[::1",
                "http://::1]",
                "http://[1]", "http://[v.a]", "http://[v1.]", "http://[::1]x", "http://a:b", "http://a@b@c",
                "http://a:1:2",
                "https://[@example.org/", "http:/[::1]", "\\\\server\\share",
            ]
        ),
        (.uriReference, ["\\\\a", "a b", ":a", "1:a", "#a#", "//[", "é", "%zz", "//a:b:c", "a,b:c"]),
        (.iri, ["é", "/é", "http://2001:db8::7", "a:\u{FFFF}", "a:\u{E000}", "a:#\u{E000}", "a: ", "é:a", "a:\u{80}"]),
        (.iriReference, ["\\\\é", "é b", "é:a", "\u{FFF0}", "#\u{F8FF}"]),
        (
            .uuid,
            [
                "2eb8aa08-aa98-11ea-b4aa73b441d16380", "2eb8aa08aa9811eab4aa73b441d16380",
                "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
                "2eb8aa08-aa98-11ea-b4aa-73b441d163800", "2eb8aa0-8aa98-11ea-b4aa-73b441d16380",
                "{2eb8aa08-aa98-11ea-b4aa-73b441d16380}", "2eb8aa08-aa98-11ea-b4aa-73b441d1638g", "----",
                "2eb8aa08-aa98-11ea-b4aa-73b441d1638৪",
            ]
        ),
        (
            .uriTemplate,
            [
                "{term:1}/{term", "}", "{}", "{+}", "{a,}", "{,}", "{a..b}", "{.a.}", "{a:}", "{a:0}", "{a:10000}",
                "{a:1*}", "{a*:1}",
                "{a b}", "{{a}}", "{a-b}", "{%4}", "%4", "%", "a b", "a\"b", "<", "\\", "^", "`", "|", "{é}",
                "\u{FFFF}", "{$a}",
            ]
        ),
        (.jsonPointer, ["a", "#", "#/a", "0", "/~", "/~2", "/a~", "/~~0", "/~a/b"]),
        (
            .relativeJSONPointer,
            ["", "/a", "-1/a", "+1/a", "01/a", "01#", "0##", "#", "0~", "1/~2", "0+", "0+0", "0+01", "1a", "৪/a"]
        ),
        (
            .regex,
            ["^(abc]", "(?i)a", "a**", "\\a", "(?P<n>a)", "[b-a]", "\\p{Foo}", String(repeating: "a", count: 70_000)]
        ),
    ]
}
