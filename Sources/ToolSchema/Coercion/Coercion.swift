public import ToolJSON

/// One change that brought a value to its declared type.
public struct Coercion: Sendable, Hashable {
    /// What kind of change it was.
    public enum Rule: String, Sendable, Hashable, CaseIterable {
        /// The text of a number became the number.
        case numberFromText = "number_from_text"
        /// `12.0` became `12`.
        case plainInteger = "plain_integer"
        /// The text `true` or `false` became the truth value.
        case booleanFromText = "boolean_from_text"
        /// The text `null` became `null`.
        case nullFromText = "null_from_text"
        /// The empty text became an object without members.
        case objectFromEmptyText = "object_from_empty_text"
        /// JSON in a text became the object it stands for.
        case objectFromText = "object_from_text"
        /// JSON in a text became the array it stands for.
        case arrayFromText = "array_from_text"
        /// A value became an array of that value alone.
        case arrayFromElement = "array_from_element"
        /// A text became the allowed value that differs from it in case alone.
        case valueByCase = "value_by_case"
    }

    /// Where in the value: a JSON pointer.
    public let path: String

    /// What was done.
    public let rule: Rule

    /// What was sent.
    public let from: JSON

    /// What became of it.
    public let to: JSON

    /// The coercion for programs: `path`, `rule`, `from`, `to`.
    ///
    /// A value of more than 4,096 bytes is left out: the caller has it.
    public var json: JSON {
        var members: JSONObject = ["path": .string(path), "rule": .string(rule.rawValue)]
        for (name, value) in [("from", from), ("to", to)]
        where value.byteCount(upTo: Violation.repeatedBytes) <= Violation.repeatedBytes {
            members[name] = value
        }
        return .object(members)
    }
}
