import Testing
import ToolJSON
import ToolRuntime

/// Tests of every scalar type in every position of a call, at its limits and beyond them.
@Suite("Scalars of C functions", .timeLimit(.minutes(10)))
struct ForeignScalarTests {
    /// A position of a value in the arguments, in the result and in an error.
    struct Passing: Sendable {
        let tool: String
        let place: String
        let argument: @Sendable (JSON) -> JSON
        let result: @Sendable (JSON) -> JSON

        static let all: [Passing] = [
            Passing(tool: "same", place: "v", argument: { $0 }, result: { $0 }),
            Passing(tool: "pointed", place: "v", argument: { $0 }, result: { $0 }),
            Passing(tool: "written", place: "v", argument: { $0 }, result: { ["out": $0] }),
            Passing(
                tool: "boxed",
                place: "v.v",
                argument: { ["before": 1, "v": $0, "after": 2] },
                result: { ["before": 1, "v": $0, "after": 2] }
            ),
            Passing(
                tool: "filled",
                place: "v.v",
                argument: { ["before": 1, "v": $0, "after": 2] },
                result: { ["box": ["before": 1, "v": $0, "after": 2]] }
            ),
            Passing(tool: "called", place: "v", argument: { $0 }, result: { ["calls": [$0, $0]] }),
            Passing(tool: "copied", place: "v[0]", argument: { [$0, $0] }, result: { ["out": [$0, $0]] }),
            Passing(tool: "repeated", place: "v", argument: { $0 }, result: { ["out": [$0, $0, $0]] }),
            Passing(tool: "returned", place: "v", argument: { $0 }, result: { [$0, $0] }),
        ]
    }

    private static func source(_ type: String) -> String {
        """
        typedef \(type) T;
        typedef struct { int8_t before; T v; int16_t after; } box;
        T same(T v) { return v; }
        T pointed(const T *v) { return *v; }
        void written(T v, T *out) { *out = v; }
        box boxed(box v) { return v; }
        void filled(const box *v, box *out) { *out = *v; }
        void called(T v, int (*f)(T)) { if (f(v) == 7) f(v); }
        void copied(const T *v, uint16_t count, T *out) { memcpy(out, v, count * sizeof *v); }
        void repeated(T v, int32_t count, T *out) { for (int32_t i = 0; i < count; i++) out[i] = v; }
        T *returned(T v, uint32_t *count) {
            T *values = malloc(2 * sizeof v);
            values[0] = values[1] = v;
            *count = 2;
            return values;
        }
        """
    }

    private static func tools(_ name: String) -> ForeignFixture.Tools {
        let value = #"{"name": "v", "type": "\#(name)"}"#
        return [
            ("same", value, #""\#(name)""#),
            ("pointed", #"{"name": "v", "type": "\#(name)", "by": "pointer"}"#, #""\#(name)""#),
            ("written", value + #", {"name": "out", "type": "\#(name)", "out": true}"#, #""void""#),
            ("boxed", #"{"name": "v", "type": "box"}"#, #""box""#),
            (
                "filled",
                #"{"name": "v", "type": "box", "by": "pointer"}, {"name": "box", "type": "box", "out": true}"#,
                #""void""#
            ),
            (
                "called",
                value
                    + #", {"name": "calls", "collect": {"returns": "i32", "continue": 7, "parameters": [\#(value)]}}"#,
                #""void""#
            ),
        ]
    }

    private static func arrays(_ name: String) -> ForeignFixture.Tools {
        [
            (
                "copied",
                #"{"name": "v", "type": "\#(name)[]"}, {"name": "count", "type": "u16", "count_of": "v"}, "#
                    + #"{"name": "out", "type": "\#(name)[]", "out": true, "capacity": {"of": "v"}}"#, #""void""#
            ),
            (
                "repeated",
                #"{"name": "v", "type": "\#(name)"}, {"name": "count", "type": "i32"}, "#
                    + #"{"name": "out", "type": "\#(name)[]", "out": true, "capacity": {"of": "count"}}"#, #""void""#
            ),
            (
                "returned",
                #"{"name": "v", "type": "\#(name)"}, "#
                    + #"{"name": "count", "type": "u32", "by": "pointer", "count_of": "result"}"#,
                #"{"type": "\#(name)[]", "owner": "free"}"#
            ),
        ]
    }

    /// The size of the structure in C, in bytes.
    private static func size(_ scalar: ForeignScalar) -> Int {
        switch scalar.type {
        case "int8_t", "uint8_t", "_Bool": 4
        case "int16_t", "uint16_t": 6
        case "int32_t", "uint32_t", "float": 12
        default: 24
        }
    }

    @Test(
        "a scalar is passed unchanged in every position, or rejected before the function is called",
        arguments: ForeignScalar.all
    )
    func crosses(scalar: ForeignScalar) throws {
        let fields = [("before", "i8"), ("v", scalar.name), ("after", "i16")]
        let box = fields.map { #"{"name": "\#($0)", "type": "\#($1)"}"# }.joined(separator: ",")
        let types = #"{\#(ForeignScalar.types), "box": {"struct": [\#(box)], "size": \#(Self.size(scalar))}}"#
        let tools = Self.tools(scalar.name) + (scalar.hasArrays ? Self.arrays(scalar.name) : [])
        let fixture = try ForeignFixture(Self.source(scalar.type), types: types, tools)
        #expect(fixture.faults == [:])
        for passing in Passing.all where tools.contains(where: { $0.name == passing.tool }) {
            for (value, expected) in scalar.good {
                let result = fixture.call(passing.tool, ["v": passing.argument(value), "count": 3])
                #expect(result.value == passing.result(expected), "\(passing.tool)(\(value)): \(result)")
            }
            for value in scalar.bad {
                let result = fixture.call(passing.tool, ["v": passing.argument(value), "count": 3])
                let sentence = "\(passing.place): expected \(scalar.expectation), got \(value.text())"
                #expect(result.words == sentence, "\(passing.tool)(\(value)): \(result)")
            }
            let missing = fixture.call(passing.tool, ["count": 3])
            #expect(missing.words.contains(", but it is missing"), "\(passing.tool): \(missing)")
        }
    }
}
