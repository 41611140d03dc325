public import ToolJSON

/// A violation of a schema by a value.
public struct Violation: Sendable, Hashable {
    /// The place in the value: a JSON pointer.
    ///
    /// For a missing member, the place where it is expected.
    public let path: String

    /// The violated keyword.
    ///
    /// Empty if the value could not be checked.
    public let keyword: String

    /// The place of the schema with this keyword: a JSON pointer into the author's schema.
    public let schemaPath: String

    /// The value at the place, or nil if it is missing.
    public let sent: JSON?

    /// The expected value as a phrase: `an integer`, `at most 10`, `one of "celsius", "fahrenheit"`.
    ///
    /// If the value could not be checked, the reason.
    public let expected: String

    /// The most similar allowed value or field name as JSON text, or nil if none is similar.
    public let nearest: String?

    /// The maximum length of a value in a message, in characters.
    private static let shownLength = 80

    /// The maximum length of a value in ``json``, in bytes.
    static let repeatedBytes = 4096

    /// The violation in one line, from which a model can correct the call: `days: expected at most 7, got 9`.
    public var message: String {
        let place = Self.place(path)
        guard let sent else {
            if keyword.isEmpty { return "\(place): \(expected)" }
            return "\(place): missing, expected \(expected)"
                + (nearest.map { "; did you name it \($0)?" } ?? "")
        }
        return "\(place): expected \(expected), got \(Words.json(sent, to: Self.shownLength))"
            + (nearest.map { "; did you mean \($0)?" } ?? "")
    }

    /// The violation as a JSON object for programs.
    ///
    /// The members are `path`, `keyword`, `schema_path` and `expected`, and `sent` and `nearest` if known. A `sent` of
    /// more than 4,096 bytes is omitted: the caller has it, and many violations can be about the same value.
    public var json: JSON {
        var object: JSONObject = [
            "path": .string(path), "keyword": .string(keyword), "schema_path": .string(schemaPath),
            "expected": .string(expected),
        ]
        if let sent, sent.byteCount(upTo: Self.repeatedBytes) <= Self.repeatedBytes { object["sent"] = sent }
        if let nearest { object["nearest"] = (try? JSON(parsing: nearest)) ?? .string(nearest) }
        return .object(object)
    }

    /// Returns a pointer in the common notation of code: `filters[0].name`.
    private static func place(_ pointer: String) -> String {
        var place = ""
        for token in JSONPointer.tokens(of: pointer) {
            if !token.isEmpty, token.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) {
                place += "[\(token)]"
            } else {
                let name = JSONPointer.unescaped(token) ?? token
                place += (place.isEmpty ? "" : ".") + Words.shortened(name, to: shownLength)
            }
        }
        return place.isEmpty ? "the value" : Words.shortenedPlace(place)
    }
}
