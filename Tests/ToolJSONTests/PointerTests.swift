import Testing
import ToolJSON

@Suite("A JSON pointer")
struct PointerTests {
    /// The document of RFC 6901, section 5.
    private let document: JSON = [
        "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8,
        "~1": 9, "é": [["deep": true]],
    ]

    @Test(
        "names a value",
        arguments: [
            ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/foo/1", "baz"), ("/", 0), ("/a~1b", 1), ("/c%d", 2),
            ("/e^f", 3),
            ("/g|h", 4), ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8), ("/~01", 9), ("/é/0/deep", true),
        ] as [(String, JSON)]
    )
    func names(pointer: String, value: JSON) {
        #expect(document[pointer: pointer] == value)
    }

    @Test("is the whole where it is empty")
    func whole() {
        #expect(document[pointer: ""] == document)
    }

    @Test(
        "names nothing where nothing is, or where it is malformed",
        arguments: [
            "foo", "/none", "/foo/2", "/foo/-", "/foo/-1", "/foo/01", "/foo/00", "/foo/+1", "/foo/", "/foo/1e0",
            "/foo/99999999999999999999", "/foo/0/0", "//", "/m~n", "/m~", "/m~2n", "/e\u{301}",
        ]
    )
    func namesNothing(pointer: String) {
        #expect(document[pointer: pointer] == nil)
    }
}
