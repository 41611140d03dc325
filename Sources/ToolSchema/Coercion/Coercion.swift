public import ToolJSON

/// One change that brought a value to its declared type.
public struct Coercion: Sendable, Hashable {
    /// The kind of a change.
    public enum Rule: String, Sendable, Hashable, CaseIterable {
        /// A string with a number became the number.
        case numberFromText = "number_from_text"
        /// `12.0` became `12`.
        case plainInteger = "plain_integer"
        /// The string `true` or `false` became the Boolean value.
        case booleanFromText = "boolean_from_text"
        /// The string `null`, or another language's word for it, became `null`.
        case nullFromText = "null_from_text"
        /// The empty string became an object without members.
        case objectFromEmptyText = "object_from_empty_text"
        /// A string with JSON became the object.
        case objectFromText = "object_from_text"
        /// A string with JSON became the array.
        case arrayFromText = "array_from_text"
        /// A value became an array of that value alone.
        case arrayFromElement = "array_from_element"
        /// A string became the only allowed value that differs from it in case alone.
        case valueByCase = "value_by_case"
        /// A number, Boolean value or `null` became the only allowed string that is written like it.
        case textFromValue = "text_from_value"
        /// A placeholder for no value was removed: the member is optional and does not accept it.
        ///
        /// `null` is a placeholder for any value. `""`, `"None"` and the like are placeholders only where the member
        /// accepts no string, or the schema lists the strings.
        case placeholderRemoved = "placeholder_removed"
        /// An object that describes the call was replaced by the arguments in it.
        case argumentsUnwrapped = "arguments_unwrapped"
    }

    /// The place in the value: a JSON pointer.
    public let path: String

    /// The rule that was applied.
    public let rule: Rule

    /// The value that was sent.
    public let from: JSON

    /// The value that replaces it, or nil if it was removed.
    public let to: JSON?

    /// The coercion for programs: `path`, `rule`, `from`, `to`.
    ///
    /// There is no `to` for a value that was removed. A value of more than 4,096 bytes is omitted: the caller has it.
    public var json: JSON {
        var members: JSONObject = ["path": .string(path), "rule": .string(rule.rawValue)]
        for case (let name, let value?) in [("from", from), ("to", to)]
        where value.byteCount(upTo: Violation.repeatedBytes) <= Violation.repeatedBytes {
            members[name] = value
        }
        return .object(members)
    }
}
