import Testing
import ToolJSON
import ToolPlugin

/// The order of encoded dictionaries and sets, which Swift iterates in another order in each process.
@Suite struct EncodingOrderTests {
    private struct Report: Encodable {
        let counts = Dictionary(uniqueKeysWithValues: "qwertyuiop".map { (String($0), 1) })
        let names: Set = ["Zoe", "Ada", "Kim", "Ben", "Uma", "Leo"]
    }

    @Test(
        "members of dictionaries are sorted by name, and elements of sets by their text",
        arguments: [
            (
                Report() as any Encodable & Sendable,
                #"{"counts":{"e":1,"i":1,"o":1,"p":1,"q":1,"r":1,"t":1,"u":1,"w":1,"y":1},"#
                    + #""names":["Ada","Ben","Kim","Leo","Uma","Zoe"]}"#
            ),
            (["b": ["z": 1, "y": 2, "x": 3], "a": [:]], #"{"a":{},"b":{"x":3,"y":2,"z":1}}"#),
            ([3: "c", 1: "a", 2: "b"], #"{"1":"a","2":"b","3":"c"}"#),
            ([2.5: "b", 1.5: "a", 3.5: "c"], #"[1.5,"a",2.5,"b",3.5,"c"]"#),
            ([Set(["b", "a"]), ["d", "c"]], #"[["a","b"],["c","d"]]"#),
            ([String: Int](), "{}"),
            (Set<Int>(), "[]"),
        ]
    )
    func sortsEncodedCollections(_ value: any Encodable & Sendable, _ text: String) throws {
        #expect(try JSON(encoding: value).text() == text)
    }
}
