import TestSupport
import Testing
import ToolJSON
import ToolRuntime

/// Tests of handles that several calls use, close and open.
@Suite("Handles of a library", .timeLimit(.minutes(10)))
struct ForeignHandleTests {
    private static let types = #"{"slot": {"handle": "slot_close"}, "lamp": {"handle": null}}"#

    private static func slot(_ name: String, _ more: String = "") -> String {
        #"{"name": "\#(name)", "type": "slot"\#(more)}"#
    }

    private static let result = #"{"name": "result", "type": "i32"}"#
    private static let out = #", "out": true"#

    private static let tools: ForeignFixture.Tools = [
        ("wait_inside", "", #""void""#), ("release", "", #""void""#), ("closings", "", #""i32""#),
        ("slot_open", "", #"{"type": "slot", "fails": "null"}"#), ("slot_number", slot("s"), #""i32""#),
        ("slot_close", slot("s", #", "closes": true"#), #"{"type": "i32", "fails": "nonzero"}"#),
        ("use_long", slot("s"), #""i32""#),
        ("close_long", slot("s", #", "closes": true"#) + ", " + result, #"{"type": "i32", "fails": "nonzero"}"#),
        ("close_always", slot("s", #", "closes": "always""#), #"{"type": "i32", "fails": "negative"}"#),
        ("both", slot("a") + ", " + slot("b"), #""i32""#),
        ("move", slot("from", #", "closes": true"#) + ", " + slot("to"), #""i32""#),
        ("same", slot("s") + ", " + slot("out", out) + ", " + result, #"{"type": "i32", "fails": "nonzero"}"#),
        ("open_badly", slot("out", out) + #", {"name": "text", "type": "text", "out": true}"#, #""void""#),
        ("open_and_nothing", slot("out", out), #""text""#),
        ("open_twice", slot("a", out) + ", " + slot("b", out), #"{"type": "i32", "fails": "nonzero"}"#),
        ("lamp_new", "", #""lamp""#),
    ]

    private let fixture: ForeignFixture

    init() throws {
        fixture = try ForeignFixture(FixtureSource.file("slots.c"), types: Self.types, Self.tools)
        #expect(fixture.faults == [:])
    }

    private func open() throws -> JSON { try fixture.call("slot_open").get() }

    @Test("a handle is rejected if it is closed, of another kind or process, invalid or in use")
    func isChecked() throws {
        let first = try open()
        let second = try open()
        let lamp = try fixture.call("lamp_new").get()
        #expect(fixture.call("slot_close", ["s": second]).value == .null)
        let mark = try #require(first.string).dropFirst("slot-1-".count)
        for (handle, words) in [
            (second, "has been closed"), (lamp, "is a lamp handle, but a slot handle is needed"),
            (.string("slot-99-\(mark)"), "has been closed"), ("slot-1-0", "of another process"),
            ("0x7fff0000", "is not a slot handle"), ("", "is not a slot handle"), (1, "expected a slot handle, got 1"),
            (.string("slot--1-\(mark)"), "is not a slot handle"), (.null, "expected a slot handle, got null"),
        ] as [(JSON, String)] {
            let result = fixture.call("slot_number", ["s": handle])
            #expect(result.words.hasPrefix("s: ") && result.words.contains(words), "\(handle): \(result)")
        }
        let long = fixture.start("use_long", ["s": first])
        _ = fixture.call("wait_inside")
        for tool in ["slot_number", "slot_close"] {
            #expect(fixture.call(tool, ["s": first]).words.contains("is in use by another call"))
        }
        _ = fixture.call("release")
        #expect(long.result()?.value == 1)
        #expect(fixture.call("slot_number", ["s": first]).value == 1)
    }

    @Test("a new handle has its own name if the library reuses the address of one that is being closed")
    func isNotMistaken() throws {
        let first = try open()
        let closing = fixture.start("close_long", ["s": first, "result": 0])
        _ = fixture.call("wait_inside")
        let second = try open()
        #expect(second != first)
        _ = fixture.call("release")
        #expect(closing.result()?.value == .null)
        #expect(fixture.call("slot_number", ["s": second]).value == 2)
        #expect(fixture.call("slot_number", ["s": first]).words.contains("has been closed"))
    }

    @Test("a handle stays valid if the call that should close it fails")
    func isRestored() throws {
        let first = try open()
        _ = fixture.call("release")
        #expect(fixture.call("close_long", ["s": first, "result": 5]).words == "close_long failed: it returned 5.")
        #expect(fixture.call("slot_number", ["s": first]).value == 1)
        #expect(fixture.call("close_long", ["s": first, "result": 0]).value == .null)
        #expect(fixture.call("slot_number", ["s": first]).words.contains("has been closed"))
    }

    @Test("a handle that is always closed is invalid after a failure")
    func isAlwaysClosed() throws {
        let first = try open()
        #expect(fixture.call("close_always", ["s": first]).words == "close_always failed: it returned -1.")
        #expect(fixture.call("slot_number", ["s": first]).words.contains("has been closed"))
        fixture.plugin.closeHandles()
        #expect(fixture.call("closings").value == 1)
    }

    @Test("a handle that a call uses twice is closed once")
    func isTakenTwice() throws {
        let first = try open()
        #expect(fixture.call("both", ["a": first, "b": first]).value == 1)
        #expect(fixture.call("move", ["from": first, "to": first]).value == 1)
        #expect(fixture.call("slot_number", ["s": first]).words.contains("has been closed"))
        #expect(fixture.call("closings").value == 1)
    }

    @Test("a handle stays open if a function returns it again and fails")
    func isNotReleased() throws {
        let first = try open()
        #expect(fixture.call("same", ["s": first, "result": 0]).value?["out"] == first)
        #expect(fixture.call("same", ["s": first, "result": 1]).words == "same failed: it returned 1.")
        #expect(fixture.call("slot_number", ["s": first]).value == 1)
        #expect(fixture.call("closings").value == 0)
    }

    @Test(
        "a handle that is not returned to the model is closed at once",
        arguments: ["open_badly", "open_and_nothing", "open_twice"]
    )
    func isNotLeaked(tool: String) throws {
        #expect(fixture.call(tool).words != "")
        #expect(fixture.call("closings").value == 1)
    }

    @Test("handles are closed at the end, and one in use is closed after its call")
    func isClosedAtTheEnd() throws {
        let first = try open()
        _ = try open()
        let long = fixture.start("use_long", ["s": first])
        _ = fixture.call("wait_inside")
        fixture.plugin.closeHandles()
        #expect(fixture.call("closings").value == 1)
        #expect(fixture.call("slot_open").words.contains("No handle can be opened"))
        #expect(fixture.call("closings").value == 2)
        _ = fixture.call("release")
        #expect(long.result()?.value == 1)
        #expect(fixture.call("closings").value == 3)
    }
}
