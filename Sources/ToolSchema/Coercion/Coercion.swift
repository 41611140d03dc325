public import ToolJSON

/// A change of a value that adapts it to its schema.
///
/// Coercions never lose information: each one applies only if the value has a single possible meaning.
public struct Coercion: Sendable, Hashable {
    /// The kinds of coercion.
    ///
    /// The raw value is the name for programs.
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
        /// A string became the only allowed value that differs only in case.
        case valueByCase = "value_by_case"
        /// A number, Boolean value or `null` became the only allowed string with the same text.
        case textFromValue = "text_from_value"
        /// A placeholder for a missing value was removed: the member is optional and does not accept it.
        ///
        /// `null` is a placeholder for any value. `""`, `"None"` and similar strings are placeholders only if the
        /// member accepts no strings, or if the schema lists the accepted strings.
        case placeholderRemoved = "placeholder_removed"
        /// An object that describes the call was replaced by the arguments in it.
        case argumentsUnwrapped = "arguments_unwrapped"
    }

    /// The place of the change in the value: a JSON pointer.
    public let path: String

    /// The kind of coercion.
    public let rule: Rule

    /// The original value.
    public let from: JSON

    /// The replacement, or nil if the value was removed.
    public let to: JSON?

    /// The coercion as a JSON object for programs, with the members `path`, `rule`, `from` and `to`.
    ///
    /// `to` is missing if the value was removed. Values of more than 4,096 bytes are omitted, because the caller has
    /// them.
    public var json: JSON {
        var members: JSONObject = ["path": .string(path), "rule": .string(rule.rawValue)]
        for case (let name, let value?) in [("from", from), ("to", to)]
        where value.byteCount(upTo: Violation.repeatedBytes) <= Violation.repeatedBytes {
            members[name] = value
        }
        return .object(members)
    }
}
