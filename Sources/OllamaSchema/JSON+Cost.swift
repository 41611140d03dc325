import ToolJSON

extension JSON {
    /// The value as JSON, truncated to a length that no phrase reaches.
    var shortText: String { text(upTo: 200).text }

    /// The string without quotation marks, or any other value as JSON.
    var unquoted: String { string ?? text() }

    /// The approximate size of a value: one for each part and for each 64 bytes of strings.
    var cost: Int {
        switch self {
        case .null, .bool: 1
        case .number(let number): 1 + number.literal.utf8.count / 64
        case .string(let text): 1 + text.utf8.count / 64
        case .array(let elements): elements.reduce(1) { $0 + $1.cost }
        case .object(let members): members.reduce(1) { $0 + $1.key.utf8.count / 64 + $1.value.cost }
        }
    }

    /// True if Ollama can read every number in the value.
    ///
    /// Ollama refuses a request that contains `1e999`.
    var hasFiniteNumbers: Bool {
        switch self {
        case .null, .bool, .string: true
        case .number(let number): number.double.isFinite
        case .array(let elements): elements.allSatisfy(\.hasFiniteNumbers)
        case .object(let members): members.allSatisfy(\.value.hasFiniteNumbers)
        }
    }
}
