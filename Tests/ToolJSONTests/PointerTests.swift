import Testing
import ToolJSON

@Suite("JSON pointers")
struct PointerTests {
    /// The document of RFC 6901, section 5.
    private let document: JSON = [
        "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8,
        "~1": 9, "é": [["deep": true]],
    ]

    @Test(
        "a pointer resolves to a value",
        arguments: [
            ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/foo/1", "baz"), ("/", 0), ("/a~1b", 1), ("/c%d", 2),
            ("/e^f", 3),
            ("/g|h", 4), ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8), ("/~01", 9), ("/é/0/deep", true),
        ] as [(String, JSON)]
    )
    func names(pointer: String, value: JSON) {
        #expect(document[pointer: pointer] == value)
    }

    @Test("the empty pointer resolves to the whole value")
    func whole() {
        #expect(document[pointer: ""] == document)
    }

    @Test(
        "an unresolvable or malformed pointer returns nil",
        arguments: [
            "foo", "/none", "/foo/2", "/foo/-", "/foo/-1", "/foo/01", "/foo/00", "/foo/+1", "/foo/", "/foo/1e0",
            "/foo/99999999999999999999", "/foo/0/0", "//", "/m~n", "/m~", "/m~2n", "/e\u{301}",
        ]
    )
    func namesNothing(pointer: String) {
        #expect(document[pointer: pointer] == nil)
    }
}
