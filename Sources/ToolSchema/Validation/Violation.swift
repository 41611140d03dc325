public import ToolJSON

/// One way in which a value does not satisfy a schema.
public struct Violation: Sendable, Hashable {
    /// Where in the value: a JSON pointer, to the place where a missing member should stand.
    public let path: String

    /// The keyword that is broken; empty where the value could not be checked.
    public let keyword: String

    /// Where the schema stands that has this keyword: a JSON pointer into the schema as its author wrote it.
    public let schemaPath: String

    /// What stands there; `nil` where it is missing.
    public let sent: JSON?

    /// What should: `an integer`, `at most 10`, `one of "celsius", "fahrenheit"`.
    public let expected: String

    /// The value or the field name that comes nearest, as JSON; `nil` where none is near.
    public let nearest: String?

    /// The longest piece of a value that a sentence shows, in characters.
    private static let shownLength = 80

    /// The longest value that ``json`` repeats, in bytes.
    static let repeatedBytes = 4096

    /// The violation in one line, for a model to repair: `days: expected at most 7, got 9`.
    public var message: String {
        let place = Self.place(path)
        guard let sent else {
            if keyword.isEmpty { return "\(place): \(expected)" }
            return "\(place): missing, expected \(expected)" + (nearest.map { "; did you mean it by \($0)?" } ?? "")
        }
        return "\(place): expected \(expected), got \(Words.json(sent, to: Self.shownLength))"
            + (nearest.map { "; did you mean \($0)?" } ?? "")
    }

    /// The violation for programs: `path`, `keyword`, `schema_path`, `expected`, and `sent` and `nearest` where known.
    ///
    /// A `sent` of more than 4,096 bytes is left out: the caller has it, and many violations may be about the same value.
    public var json: JSON {
        var object: JSONObject = [
            "path": .string(path), "keyword": .string(keyword), "schema_path": .string(schemaPath),
            "expected": .string(expected),
        ]
        if let sent, sent.byteCount(upTo: Self.repeatedBytes) <= Self.repeatedBytes { object["sent"] = sent }
        if let nearest { object["nearest"] = (try? JSON(parsing: nearest)) ?? .string(nearest) }
        return .object(object)
    }

    /// A pointer as people and models write it: `filters[0].name`.
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
        return place.isEmpty ? "the whole" : Words.shortenedPlace(place)
    }
}
