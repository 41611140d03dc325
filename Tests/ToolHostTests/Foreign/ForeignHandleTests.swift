import Testing
import ToolJSON
import ToolRuntime

/// Handles, while several calls use, close and open them.
@Suite("A handle of a library", .timeLimit(.minutes(10)))
struct ForeignHandleTests {
    // A library of one slot: what is opened anew has the address of what was closed before.
    private static let source = #"""
        static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
        static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
        static int inside, released;
        typedef struct { int32_t number, is_open; } slot;
        static slot slots[3];
        static int32_t opened, closed;
        static void stay(void) {
            pthread_mutex_lock(&lock);
            inside++;
            pthread_cond_broadcast(&changed);
            while (!released) pthread_cond_wait(&changed, &lock);
            pthread_mutex_unlock(&lock);
        }
        void wait_inside(void) {
            pthread_mutex_lock(&lock);
            while (!inside) pthread_cond_wait(&changed, &lock);
            pthread_mutex_unlock(&lock);
        }
        void release(void) {
            pthread_mutex_lock(&lock);
            released = 1;
            pthread_cond_broadcast(&changed);
            pthread_mutex_unlock(&lock);
        }
        slot *slot_open(void) {
            for (int i = 0; i < 3; i++) if (!slots[i].is_open) {
                slots[i] = (slot){ ++opened, 1 };
                return &slots[i];
            }
            return NULL;
        }
        int slot_close(slot *s) { if (!s->is_open) abort(); s->is_open = 0; closed++; return 0; }
        int32_t slot_number(const slot *s) { return s->is_open ? s->number : -1; }
        int32_t closings(void) { return closed; }
        int32_t use_long(slot *s) { stay(); return s->number; }
        int32_t close_long(slot *s, int32_t result) { if (!result) slot_close(s); stay(); return result; }
        int32_t close_always(slot *s) { slot_close(s); return -1; }
        int32_t both(slot *a, slot *b) { return a == b ? 1 : 0; }
        int32_t move(slot *from, slot *to) { slot_close(from); return from == to; }
        int32_t same(slot *s, slot **out, int32_t result) { *out = s; return result; }
        void open_badly(slot **out, const char **text) { *out = slot_open(); *text = "\xff"; }
        const char *open_and_nothing(slot **out) { *out = slot_open(); return NULL; }
        int32_t open_twice(slot **a, slot **b) { *a = *b = slot_open(); return 1; }
        typedef struct { int32_t x; } lamp;
        lamp *lamp_new(void) { static lamp only; return &only; }
        """#

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
        fixture = try ForeignFixture(Self.source, types: Self.types, Self.tools)
        #expect(fixture.faults == [:])
    }

    private func open() throws -> JSON { try fixture.call("slot_open").get() }

    @Test("is refused where it is closed, of another kind, of another process, none at all, or in use")
    func isChecked() throws {
        let first = try open()
        let second = try open()
        let lamp = try fixture.call("lamp_new").get()
        #expect(fixture.call("slot_close", ["s": second]).value == .null)
        let mark = try #require(first.string).dropFirst("slot-1-".count)
        for (handle, words) in [
            (second, "has been closed"), (lamp, "is a lamp handle, and a slot handle is needed"),
            (.string("slot-99-\(mark)"), "has been closed"), ("slot-1-0", "of another process"),
            ("0x7fff0000", "is no slot handle"), ("", "is no slot handle"), (1, "expected a slot handle, got 1"),
            (.string("slot--1-\(mark)"), "is no slot handle"), (.null, "expected a slot handle, got null"),
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

    @Test("keeps its name when another gets its address while it is being closed")
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

    @Test("that a call did not close after all is as good as before")
    func isRestored() throws {
        let first = try open()
        _ = fixture.call("release")
        #expect(fixture.call("close_long", ["s": first, "result": 5]).words == "close_long failed: it gave 5.")
        #expect(fixture.call("slot_number", ["s": first]).value == 1)
        #expect(fixture.call("close_long", ["s": first, "result": 0]).value == .null)
        #expect(fixture.call("slot_number", ["s": first]).words.contains("has been closed"))
    }

    @Test("is gone where the function closes it even when it fails")
    func isAlwaysClosed() throws {
        let first = try open()
        #expect(fixture.call("close_always", ["s": first]).words == "close_always failed: it gave -1.")
        #expect(fixture.call("slot_number", ["s": first]).words.contains("has been closed"))
        fixture.plugin.closeHandles()
        #expect(fixture.call("closings").value == 1)
    }

    @Test("may be taken twice by one call, and is closed once")
    func isTakenTwice() throws {
        let first = try open()
        #expect(fixture.call("both", ["a": first, "b": first]).value == 1)
        #expect(fixture.call("move", ["from": first, "to": first]).value == 1)
        #expect(fixture.call("slot_number", ["s": first]).words.contains("has been closed"))
        #expect(fixture.call("closings").value == 1)
    }

    @Test("is not closed behind the back of whoever has it, where a function gives it once more and fails")
    func isNotReleased() throws {
        let first = try open()
        #expect(fixture.call("same", ["s": first, "result": 0]).value?["out"] == first)
        #expect(fixture.call("same", ["s": first, "result": 1]).words == "same failed: it gave 1.")
        #expect(fixture.call("slot_number", ["s": first]).value == 1)
        #expect(fixture.call("closings").value == 0)
    }

    @Test("that nobody would learn of is closed at once", arguments: ["open_badly", "open_and_nothing", "open_twice"])
    func isNotLeaked(tool: String) throws {
        #expect(fixture.call(tool).words != "")
        #expect(fixture.call("closings").value == 1)
    }

    @Test("is closed at the end, but not under a call that uses it")
    func isClosedAtTheEnd() throws {
        let first = try open()
        _ = try open()
        let long = fixture.start("use_long", ["s": first])
        _ = fixture.call("wait_inside")
        fixture.plugin.closeHandles()
        #expect(fixture.call("closings").value == 1)
        #expect(fixture.call("slot_open").words.contains("No handles are kept any more"))
        #expect(fixture.call("closings").value == 2)
        _ = fixture.call("release")
        #expect(long.result()?.value == 1)
        #expect(fixture.call("closings").value == 3)
    }
}
