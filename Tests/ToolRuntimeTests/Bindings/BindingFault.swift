import Testing

/// A function of a binding that cannot be called, and the words of the error.
struct BindingFault: Sendable, CustomTestStringConvertible {
    /// The parameters, as JSON with commas between them.
    let parameters: String
    /// The result, as JSON.
    let returns: String
    let words: String

    init(_ parameters: String, returns: String = #""i32""#, _ words: String) {
        (self.parameters, self.returns, self.words) = (parameters, returns, words)
    }

    var testDescription: String { "(\(parameters)) -> \(returns)" }

    static let all = parameterFaults + countFaults + misplacedKeys + collectorFaults + resultFaults

    private static let parameterFaults = [
        BindingFault("", "has no function broken"),
        BindingFault(#"{"name": "a", "type": "int"}"#, "tools[0].parameters[0].type is \"int\"; known are i8, i16"),
        BindingFault(#"{"name": "a", "type": "i32"}, {"name": "a", "type": "i32"}"#, "the name a"),
        BindingFault(#"{"name": "a", "type": "void"}"#, "a of broken cannot be void"),
        BindingFault(#"{"name": "a", "type": "pointer"}"#, "needs the fixed value null"),
        BindingFault(#"{"name": "a", "type": "text[]"}"#, "only a callback can receive"),
        BindingFault(#"{"name": "a", "type": "i32", "value": "x"}"#, "has a fixed value that is not an integer"),
        BindingFault(#"{"name": "a", "type": "color", "value": "pink"}"#, "has a fixed value that is not one of"),
        BindingFault(#"{"name": "a", "type": "text", "value": "x\u0000y"}"#, "has a null character"),
        BindingFault(#"{"name": "a", "type": "text", "value": 7}"#, "can only have the fixed value null"),
        BindingFault(#"{"name": "a", "type": "point", "value": null}"#, "cannot have a fixed value"),
        BindingFault(#"{"name": "a", "type": "text", "by": "pointer"}"#, "is already a pointer"),
        BindingFault(#"{"name": "a", "type": "text", "by": "hand"}"#, "must be \"value\" or \"pointer\""),
        BindingFault((0..<33).map { #"{"name": "a\#($0)", "type": "i8"}"# }.joined(separator: ","), "at most 32 are"),
        BindingFault(
            (0..<2).map { #"{"name": "a\#($0)", "type": "large"}"# }.joined(separator: ","),
            "passes structures of 80000 bytes by value; at most 65536 are supported"
        ),
    ]

    private static let countFaults = [
        BindingFault(#"{"name": "a", "type": "bytes"}"#, "is not counted"),
        BindingFault(#"{"name": "a", "type": "bytes", "size": 0}"#, "].size must be from 1 to"),
        BindingFault(#"{"name": "a", "type": "f64[]", "size": "2"}"#, "size must be an integer"),
        BindingFault(
            #"{"name": "a", "type": "text", "size": 8}"#,
            "is neither bytes nor an array, so it cannot have a size"
        ),
        BindingFault(
            #"{"name": "a", "type": "i32", "size": 8}"#,
            "is neither bytes nor an array, so it cannot have a size"
        ),
        BindingFault(#"{"name": "a", "type": "bytes", "out": true, "size": 8}"#, "size is unknown here"),
        BindingFault(#"{"name": "a", "type": "bytes", "out": true}"#, "needs a capacity"),
        BindingFault(#"{"name": "a", "type": "f64[]", "out": true}"#, "needs a capacity"),
        BindingFault(#"{"name": "a", "type": "i32", "out": true, "capacity": 3}"#, "cannot have a capacity"),
        BindingFault(#"{"name": "a", "type": "bytes", "out": true, "capacity": 0}"#, "must be from 1"),
        BindingFault(#"{"name": "a", "type": "i32", "count_of": "b"}"#, "names no parameter: \"b\""),
        BindingFault(
            #"{"name": "a", "type": "i32"}, {"name": "b", "type": "i32", "count_of": "a"}"#,
            "counts the elements of a value without elements"
        ),
        BindingFault(
            #"{"name": "a", "type": "text"}, {"name": "b", "type": "f64", "count_of": "a"}"#,
            "is a count, so it must be an integer"
        ),
        // A count by value cannot report the number of elements.
        BindingFault(
            #"{"name": "a", "type": "bytes", "out": true}, {"name": "b", "type": "u64", "count_of": "a"}"#,
            "needs a capacity"
        ),
        BindingFault(
            #"{"name": "a", "type": "text", "out": true}, {"name": "b", "type": "u64", "count_of": "a"}"#,
            "counts elements that exist only after the call"
        ),
        BindingFault(
            #"{"name": "b", "type": "u64", "count_of": "result"}"#,
            returns: #""text""#,
            "counts elements that exist only after the call"
        ),
        BindingFault(
            #"{"name": "b", "type": "u64", "by": "pointer", "count_of": "result"}"#,
            "of a value without elements"
        ),
        BindingFault(capacity("other", #"{"name": "b", "type": "i32"}"#), "names no parameter"),
        BindingFault(
            capacity("b", #"{"name": "b", "type": "f64"}"#),
            "has its capacity of b, which must be an integer argument"
        ),
        BindingFault(capacity("b", #"{"name": "b", "type": "i32", "value": 3}"#), "has its capacity of b, which"),
        BindingFault(capacity("b", #"{"name": "b", "type": "i32", "out": true}"#), "has its capacity of b, which"),
        BindingFault(capacity("b", #"{"name": "b", "type": "i32", "count_of": "a"}"#), "has its capacity of b, which"),
        BindingFault(
            capacity("b", #"{"name": "b", "type": "i32", "by": "pointer", "optional": true}"#),
            "has its capacity of b, which"
        ),
        BindingFault(
            capacity("b", #"{"name": "b", "type": "bytes", "out": true, "capacity": 3}"#),
            "has its capacity of b, which"
        ),
    ]

    /// An array whose capacity another parameter determines.
    private static func capacity(_ name: String, _ other: String) -> String {
        #"{"name": "a", "type": "i32[]", "out": true, "capacity": {"of": "\#(name)"}}, \#(other)"#
    }

    private static let misplacedKeys = [
        BindingFault(#"{"name": "a", "type": "i32", "count_off": "b"}"#, "count_off is unknown here"),
        BindingFault(#"{"name": "a", "type": "i32", "capacity": 3}"#, "capacity is unknown here"),
        BindingFault(#"{"name": "a", "type": "text", "owner": "free"}"#, "owner is unknown here"),
        BindingFault(#"{"name": "a", "type": "i32", "out": true, "owner": "free"}"#, "is not memory that can be freed"),
        BindingFault(
            #"{"name": "a", "type": "text", "out": true, "capacity": 8, "owner": "library"}"#,
            "is not memory that can be freed"
        ),
        BindingFault(#"{"name": "a", "type": "i32", "out": true, "by": "pointer"}"#, "by is unknown here"),
        BindingFault(#"{"name": "a", "type": "i32", "value": 1, "out": true}"#, "out is unknown here"),
        BindingFault(#"{"name": "a", "type": "i32", "value": 1, "optional": true}"#, "optional is unknown here"),
        BindingFault(#"{"name": "a", "type": "i32", "optional": true}"#, "NULL cannot be passed"),
        BindingFault(#"{"name": "a", "type": "color", "optional": true}"#, "NULL cannot be passed"),
        BindingFault(#"{"name": "a", "type": "point", "optional": true}"#, "NULL cannot be passed"),
        BindingFault(#"{"name": "a", "type": "text", "closes": true}"#, "is not a handle argument"),
        BindingFault(#"{"name": "a", "type": "counter", "closes": "often"}"#, "must be true, false or \"always\""),
        BindingFault(#"{"name": "a", "type": "counter", "out": true, "closes": true}"#, "closes is unknown here"),
    ]

    private static let collectorFaults = [
        BindingFault(
            collector(#"{"name": "a", "type": "i32"}"#, #""continue": 0"#),
            "because the callback returns void"
        ),
        BindingFault(
            collector(#"{"name": "a", "type": "i32"}"#, #""returns": "u8", "stop": 256"#),
            "collect.stop must be an integer from 0 to 255"
        ),
        BindingFault(
            collector(#"{"name": "a", "type": "i32"}"#, #""returns": "i8", "continue": 1.5"#),
            "collect.continue must be an integer from -128 to 127"
        ),
        BindingFault(collector(#"{"name": "a", "type": "i32"}"#, #""returns": "f64""#), "must be an integer or void"),
        BindingFault(collector(#"{"name": "a", "type": "bytes"}"#), "needs a parameter that counts it"),
        BindingFault(collector(#"{"name": "a", "type": "i32", "count_of": "b"}"#), "names no parameter: \"b\""),
        BindingFault(
            collector(#"{"name": "a", "type": "i32"}, {"name": "b", "type": "i32", "count_of": "a"}"#),
            "counts a value without elements"
        ),
        BindingFault(
            collector(#"{"name": "a", "type": "bytes"}, {"name": "b", "type": "f32", "count_of": ["a"]}"#),
            "must be an integer, because it is a count"
        ),
        BindingFault(collector(#"{"name": "a", "type": "counter"}"#), "cannot be void or a handle here"),
        BindingFault(#"{"name": "f", "collect": {}, "optional": true}"#, "optional is unknown here"),
    ]

    private static func collector(_ parameters: String, _ more: String = #""returns": "void""#) -> String {
        #"{"name": "f", "collect": {"parameters": [\#(parameters)], \#(more)}}"#
    }

    private static let resultFaults = [
        BindingFault("", returns: #"{"type": "u32", "fails": "negative"}"#, "cannot report a failure in this way"),
        BindingFault("", returns: #"{"type": "i32", "fails": "null"}"#, "cannot report a failure in this way"),
        BindingFault("", returns: #"{"type": "i32", "fails": "often"}"#, "must be \"negative\""),
        BindingFault("", returns: #""bytes""#, "Add a parameter with \"by\": \"pointer\" and \"count_of\""),
        BindingFault("", returns: #""f64[]""#, "has no known length"),
        BindingFault("", returns: #""text[]""#, "is an array of texts"),
        BindingFault("", returns: #"{"type": "text", "owner": "nobody"}"#, "has no function nobody"),
        BindingFault("", returns: #"{"type": "i32", "owner": "free"}"#, "is not memory that can be freed"),
        BindingFault("", returns: #"{"type": "counter", "owner": "free"}"#, "is not memory that can be freed"),
        BindingFault(
            "",
            returns: #"{"type": "i32", "fails": "nonzero", "message": {"symbol": "nowhere"}}"#,
            "has no function nowhere"
        ),
        BindingFault("", returns: #"{"type": "i32", "message": {"symbol": "words"}}"#, "but no failure condition"),
        BindingFault("", returns: #"{"type": "i32", "message": {"parameter": "why"}}"#, "names no parameter"),
        BindingFault(
            #"{"name": "a", "type": "i32"}"#,
            returns: #"{"type": "i32", "message": {"parameter": "a"}}"#,
            "is not a text output"
        ),
        BindingFault(
            #"{"name": "a", "type": "counter", "closes": "always"}"#,
            returns: #"{"type": "i32", "fails": "nonzero", "message": {"symbol": "counter_error", "of": "a"}}"#,
            "which is closed at that point"
        ),
        BindingFault(
            #"{"name": "result", "type": "i32", "out": true}"#,
            "has the name result, as does one of the outputs. Give it another \"name\""
        ),
        BindingFault(
            #"{"name": "f", "collect": {"parameters": [{"name": "x", "type": "i32"}]}}"#,
            returns: #"{"type": "i32", "name": "f"}"#,
            "has the name f, as does one of the outputs"
        ),
    ]
}
