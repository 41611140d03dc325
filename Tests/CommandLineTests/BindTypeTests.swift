import Foundation
import TestSupport
import Testing
import ToolJSON

/// Drafts of unusual types, names and symbols, which must not be guessed.
@Suite("Bind: unusual declarations", .timeLimit(.minutes(10)))
struct BindTypeTests {
    /// Compiled once for all tests.
    private static let odd: Result<BindFixture, any Error> = Result {
        // The fixture has a placeholder for the hidden character, so that its file is plain text.
        let fixture = try BindFixture("odd") { $0.replacing("<RLO>", with: "\u{202E}") }
        // A static value is never released.
        atexit { if let odd = try? odd.get() { try? FileManager.default.removeItem(atPath: odd.directory.path) } }
        return fixture
    }
    private static let draft: Result<Draft, any Error> = Result { try odd.get().draft() }

    @Test(
        "enumerations have their computed values and sizes",
        arguments: [
            ("flags", #"{"enum":"u32","values":{"A1":1,"A2":2,"A3":2147483648}}"#),
            ("level", #"{"enum":"i32","values":{"LOW":1,"NEXT":2,"HIGH":16}}"#),
            ("wide", #"{"enum":"i64","values":{"MINUS":-1,"MOST":4294967295}}"#),
            ("tiny", #"{"enum":"u8","values":{"T1":1,"T200":200}}"#),
            ("sized", #"{"enum":"i32","values":{"S_INT":4,"S_AFTER":5,"S_COPY":2}}"#),
        ]
    )
    func enumerations(name: String, expected: String) throws {
        #expect(try Self.draft.get().content["types"]?[name]?.text() == expected)
    }

    @Test(
        "structures have the sizes that the compiler computes",
        arguments: [("plain", 12), ("outer", 24), ("c_text", 4), ("pair", 4), ("c_pair", 16)]
    )
    func sizes(name: String, size: Int) throws {
        #expect(try Self.draft.get().content["types"]?[name]?["size"]?.int == size)
    }

    @Test(
        "a function is refused with a reason if toolhost cannot call it correctly",
        arguments: [
            ("take_huge", "uses enum huge, which has a value that does not fit in a signed 64-bit integer"),
            (
                "take_squeezed",
                "uses struct squeezed, whose layout differs from the layout of its fields alone"
            ),
            ("take_tight", "uses struct tight, whose layout differs from the layout of its fields alone"),
            (
                "take_aligned",
                "uses struct aligned, whose layout differs from the layout of its fields alone"
            ),
            (
                "take_stretched",
                "uses struct stretched, whose layout differs from the layout of its fields alone"
            ),
            ("take_bits", "uses struct bits, whose layout toolhost does not support"),
            ("take_holder", "uses struct tight, whose layout differs from the layout of its fields alone"),
            (
                "take_long",
                "uses struct a_name_of_more_than_sixty_four_characters_is_more_than_a_file_can_hold, whose name is too long"
            ),
            (
                "take_umlaut",
                "uses struct gr\u{F6}\u{DF}e, whose name has characters other than ASCII letters, digits and underscores"
            ),
            ("f\u{FC}nf", "has a name with characters other than ASCII letters, digits and underscores"),
            ("legacy", "has no parameter list: in C, () allows any arguments"),
            ("foreign", "has another calling convention than C functions: int (int) __attribute__((ms_abi))"),
            ("take_vector", "uses float __attribute__((ext_vector_type(4))), which toolhost does not support"),
            ("take_many", "cannot be offered: take_many has 33 parameters; at most 32 are supported."),
        ]
    )
    func refusals(name: String, reason: String) throws {
        let draft = try Self.draft.get()
        #expect(draft.refusal(name) == reason)
        #expect(draft.tool(name) == nil)
    }

    @Test(
        "names that are ambiguous in a binding are changed",
        arguments: [
            ("take_text", #"[{"name":"t","type":"c_text"}]"#),
            ("take_i32", #"[{"name":"t","type":"c_i32"}]"#),
            ("take_bytes", #"[{"name":"t","type":"c_bytes"}]"#),
            ("take_struct_pair", #"[{"name":"p","type":"pair"}]"#),
            ("take_pair", #"[{"name":"p","type":"c_pair"}]"#),
            ("take_size", #"[{"name":"value","type":"i32"},{"name":"value2","type":"i32"}]"#),
            ("take_nonnull", #"[{"name":"text","type":"text"}]"#),
            ("known", #"[{"name":"a","type":"i32"}]"#),
        ]
    )
    func names(name: String, parameters: String) throws {
        #expect(try Self.draft.get().tool(name)?["parameters"]?.text() == parameters)
    }

    @Test("a character array in a structure is a question, also in structures that contain it")
    func characters() throws {
        let draft = try Self.draft.get()
        for name in ["label", "parcel"] {
            let asked = draft.content["types"]?[name]?["undecided"]
            #expect(asked == ["Is name (char[16]) a text that ends with a zero byte?"])
        }
        let waiting = draft.report["undecided"]?.array?.first { $0["name"] == "take_parcel" }
        #expect(waiting?["questions"] == ["Its type parcel is not decided."])
    }

    @Test("the symbol of a renamed function is used, and hidden characters of a comment are dropped")
    func symbols() throws {
        let draft = try Self.draft.get()
        #expect(draft.tool("renamed")?["symbol"] == "real_name" && draft.tool("inside") == nil)
        #expect(draft.tool("disguised")?["description"] == "Shows something else.")
        #expect(draft.tool("find")?["returns"]?["name"] == "returned")
    }

    @Test("a draft passes check unchanged, and its tools return correct results")
    func calls() throws {
        let draft = try Self.draft.get()
        let checked = try Command("check", draft.file, "--json").run()
        #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
        let directory = try Self.odd.get().directory
        let cases: [(String, String, String)] = [
            ("take_flags", #"{"a":"A3"}"#, "1"), ("take_level", #"{"a":"HIGH"}"#, "16"),
            ("take_wide", #"{"a":"MOST"}"#, "1"), ("take_tiny", #"{"a":"T200"}"#, "200"),
            ("take_outer", #"{"s":{"p":{"c":1,"i":40,"t":"T1"},"d":2.5}}"#, "42"),
            ("take_pair", #"{"p":{"a":40.0,"b":2.0}}"#, "42"), ("renamed", #"{"a":41}"#, "42"),
        ]
        for (tool, arguments, result) in cases {
            let called = try Command("call", tool, arguments, plugins: directory).run()
            #expect(called.output == "\(result)\n", "\(tool): \(called.errors)")
        }
    }
}
